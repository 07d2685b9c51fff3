//! One intent on its way, on a thread of its own.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use keystead_protocol::Code;
use keystead_protocol::api::NewKey;
use keystead_protocol::id::LicenseId;

use super::view::{Kept, ShownOnce};
use super::{Choice, Intent, Notice, Shared, SignInStep, View};
use crate::{
    Client, Error, Refreshed, SignInPoll, SignInPurpose, TypedSignIn, device_name, needs_ownership_sign_in,
};

/// How often it is looked whether the user gave up.
const PAUSE: Duration = Duration::from_millis(100);

pub(super) struct Job {
    pub(super) shared: Arc<Shared>,
    pub(super) number: u64,
}

impl Job {
    pub(super) fn run(self, intent: Intent) {
        let silent = matches!(intent, Intent::Look);
        let lists = matches!(intent, Intent::Look | Intent::ListDevices | Intent::RemoveDevice { .. });
        let outcome = self.carry_out(intent);
        // What was given up may have come to its end all the same: what is kept is read again in any case.
        let kept = Kept::read(&self.shared.client);
        self.shared.change(|view| {
            view.show(kept);
            view.wants_devices |= !lists;
            if self.is_given_up() {
                return;
            }
            view.work = None;
            if self.shared.half().is_none() {
                view.sign_in = None;
            }
            match outcome {
                // That the files cannot be read is not to be covered by good news.
                Ok(None) if view.status.is_none() => {}
                Ok(notice) => view.notice = notice,
                Err(_) if silent => {}
                Err(error) => view.notice = Some(Notice::of(&error)),
            }
        });
    }

    fn client(&self) -> &Client {
        &self.shared.client
    }

    fn is_given_up(&self) -> bool {
        self.shared.latest.load(Ordering::SeqCst) != self.number
    }

    /// Shows something before the end, unless nobody waits for it any more.
    fn show(&self, change: impl FnOnce(&mut View)) {
        self.shared.change(|view| {
            if !self.is_given_up() {
                change(view);
            }
        });
    }

    fn carry_out(&self, intent: Intent) -> Result<Option<Notice>, Error> {
        let client = self.client();
        if matches!(intent, Intent::SignInByBrowser | Intent::SignInByCode) {
            // Whoever begins another way does not come back to a code that was asked for.
            *self.shared.half() = None;
        }
        match intent {
            Intent::Look => self.look().map(|()| None),
            Intent::CheckNow => self.check_now(),
            Intent::Activate { key } => {
                client.activate(&key, &device_name())?;
                self.look_for_details();
                Ok(Some(Notice::done("This device is activated.")))
            }
            Intent::ActivateBySignIn => {
                client.activate_by_sign_in(&device_name())?;
                self.look_for_details();
                Ok(Some(Notice::done("This device is activated.")))
            }
            Intent::Deactivate => {
                client.deactivate()?;
                Ok(Some(Notice::done("This device is deactivated; its seat is free.")))
            }
            Intent::SignInByBrowser => self.sign_in_by_browser(SignInPurpose::Use).map(Some),
            Intent::SignInByCode => self.sign_in_by_code().map(Some),
            Intent::SignInByTyping { email, password } => {
                self.typed(client.sign_in_by_typing(&email, &password))
            }
            Intent::TypeCode { code } => self.second_step(&code),
            Intent::SignOut => {
                client.sign_out()?;
                Ok(Some(Notice::done("You are signed out on this device. The product stays activated.")))
            }
            Intent::ReadDisclosure => {
                let disclosure = client.linking_disclosure()?;
                self.show(|view| view.disclosure = Some(disclosure));
                Ok(None)
            }
            Intent::Link { agreed_version } => {
                client.link(agreed_version)?;
                self.look_for_details();
                self.shared.change(|view| view.disclosure = None);
                Ok(Some(Notice::done(
                    "The license is linked to your account. You will not need the product key again.",
                )))
            }
            Intent::Unlink => {
                let key = self.unlink(client.license()?)?;
                self.look_for_details();
                // The key is shown this once, even if nobody waits for it any more.
                self.shared.change(|view| view.new_key = Some(ShownOnce(key.product_key)));
                Ok(Some(Notice::done(
                    "The license is no longer linked to your account. Keep its new product key.",
                )))
            }
            Intent::Diagnose => {
                let diagnostics = client.diagnose();
                self.show(|view| view.diagnostics = Some(diagnostics));
                Ok(None)
            }
            Intent::BeginOffline | Intent::BeginOfflineAnew => {
                let anew = matches!(intent, Intent::BeginOfflineAnew);
                let request = client.begin_offline(anew)?;
                self.show(|view| (view.offline, view.release) = (Some(request), None));
                Ok(None)
            }
            Intent::FinishOffline { lines } => {
                client.finish_offline(&lines)?;
                self.show(|view| view.offline = None);
                Ok(Some(Notice::done("This device is activated without the internet.")))
            }
            Intent::ReleaseOffline => {
                let proof = client.release_offline()?;
                self.shared.change(|view| view.release = Some(proof));
                Ok(Some(Notice::done(
                    "This device is deactivated. Type the code below at the account page to free the seat.",
                )))
            }
            Intent::SaveRequest { file } => {
                client.save_request(&file, &device_name())?;
                Ok(Some(self.saved(&file, "Then open the file that you get, here.")))
            }
            Intent::OpenLicenseFile { file } => {
                client.open_license_file(&file)?;
                self.show(|view| view.offline = None);
                Ok(Some(Notice::done("This device is activated without the internet.")))
            }
            Intent::ReleaseToFile { file } => {
                client.release_to_file(&file)?;
                Ok(Some(self.saved(&file, "That frees the seat; this device is deactivated already.")))
            }
            Intent::ChooseProxy { proxy } => {
                client.choose_proxy(&proxy)?;
                self.shared.change(|view| view.proxy = proxy);
                // Anything that the server answers shows that it is reached.
                client.linking_disclosure()?;
                Ok(Some(Notice::done("From now on the server is reached that way.")))
            }
            Intent::ListDevices => self.list_devices().map(|()| None),
            Intent::RemoveDevice { device } => {
                let removed = client.deactivate_device(device)?;
                self.list_devices().ok();
                Ok(Some(Notice::done(match removed.seats_freed {
                    0 => "The device had no seat any more.".to_owned(),
                    1 => "One seat is free.".to_owned(),
                    seats => format!("{seats} seats are free."),
                })))
            }
            Intent::ListChoices => {
                let choices = self.choices()?;
                if choices.is_empty() {
                    return Err(Code::NoLicense.into());
                }
                self.show(|view| view.choices = Some(choices));
                Ok(None)
            }
            Intent::Reactivate { activation } => {
                client.reactivate(activation, &device_name())?;
                self.look_for_details();
                self.show(|view| view.choices = None);
                Ok(Some(Notice::done("This device is activated again, with its name, history and seat.")))
            }
            Intent::Cancel | Intent::Dismiss => Ok(None),
        }
    }

    fn saved(&self, file: &Path, next: &str) -> Notice {
        let page = format!("{}/offline/file", self.client().profile().server);
        Notice::done(format!(
            "{} is saved. Bring it to {page} on any device with a network. {next}",
            file.display()
        ))
    }

    fn look(&self) -> Result<(), Error> {
        let client = self.client();
        if let Ok(allowed) = client.may_type_password() {
            self.shared.change(|view| view.may_type_password = allowed);
        }
        if client.is_signed_in()? {
            client.account()?;
        }
        self.look_for_details();
        Ok(())
    }

    /// What is nice to know and no reason to fail.
    fn look_for_details(&self) {
        self.client().details().ok();
    }

    /// That the hardware changed, or that there are two copies, is the state's to tell.
    fn check_now(&self) -> Result<Option<Notice>, Error> {
        let refreshed = self.client().refresh()?;
        self.look_for_details();
        let well = Notice::done("All is well. The activation was checked just now.");
        Ok((refreshed == Refreshed::Renewed).then_some(well))
    }

    fn sign_in_by_browser(&self, purpose: SignInPurpose) -> Result<Notice, Error> {
        let pending = self.client().begin_browser_sign_in(purpose)?;
        let address = pending.address.clone();
        self.show(|view| view.sign_in = Some(SignInStep::Browser { address }));
        self.client().wait_for_browser(&pending, || self.is_given_up())?;
        self.signed_in()
    }

    /// The person signs in again in the browser unless they just did.
    fn unlink(&self, license: LicenseId) -> Result<NewKey, Error> {
        match self.client().unlink(license) {
            Err(error) if needs_ownership_sign_in(&error) => {
                self.sign_in_by_browser(SignInPurpose::Ownership)?;
                self.client().unlink(license)
            }
            outcome => outcome,
        }
    }

    fn sign_in_by_code(&self) -> Result<Notice, Error> {
        let pending = self.client().begin_sign_in(&device_name(), SignInPurpose::Use)?;
        let step = SignInStep::Code {
            user_code: pending.user_code.clone(),
            address: pending.verification_uri.clone(),
            address_with_code: pending.verification_uri_complete.clone(),
        };
        self.show(|view| view.sign_in = Some(step));
        loop {
            self.sleep(Duration::from_secs(pending.interval))?;
            match self.client().poll_sign_in(&pending) {
                Ok(SignInPoll::Done) => return self.signed_in(),
                Ok(SignInPoll::Pending) => {}
                // The way to the server may be gone for a moment while somebody types elsewhere.
                Err(error) if error.code.kind() == keystead_protocol::code::Kind::Client => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn typed(&self, outcome: Result<TypedSignIn, Error>) -> Result<Option<Notice>, Error> {
        match outcome? {
            TypedSignIn::Done => self.signed_in().map(Some),
            TypedSignIn::CodeWanted(half) => {
                *self.shared.half() = Some(half);
                self.show(|view| view.sign_in = Some(SignInStep::SecondFactor));
                Ok(None)
            }
        }
    }

    fn second_step(&self, code: &str) -> Result<Option<Notice>, Error> {
        let half = self.shared.half().take().ok_or(Error::from(Code::SignInRequired))?;
        match self.client().finish_typing(half, code)? {
            TypedSignIn::Done => self.signed_in().map(Some),
            TypedSignIn::CodeWanted(half) => {
                *self.shared.half() = Some(half);
                Err(Code::CodeWrong.into())
            }
        }
    }

    fn signed_in(&self) -> Result<Notice, Error> {
        self.show(|view| view.sign_in = None);
        let account = self.client().account()?;
        Ok(Notice::done(format!("You are signed in as {}.", account.email)))
    }

    fn list_devices(&self) -> Result<(), Error> {
        let devices = self.client().devices();
        // Asked for once, whatever came of it: the page offers to try again.
        self.shared.change(|view| view.wants_devices = false);
        let devices = devices?;
        self.shared.change(|view| view.devices = Some(devices));
        Ok(())
    }

    fn choices(&self) -> Result<Vec<Choice>, Error> {
        let (client, here) = (self.client(), self.client().activation()?);
        let product = &client.profile().product;
        let mut choices = Vec::new();
        for device in client.devices()? {
            let movable = device
                .activations
                .iter()
                .filter(|activation| activation.product == *product && !activation.state.is_ended());
            choices.extend(movable.map(|activation| Choice {
                activation: activation.id,
                device_name: device.name.clone(),
                platform: device.platform.clone(),
                last_used_at: activation.refreshed_at,
                here: Some(activation.id) == here,
            }));
        }
        choices.sort_by_key(|choice| (!choice.here, -choice.last_used_at));
        Ok(choices)
    }

    fn sleep(&self, time: Duration) -> Result<(), Error> {
        let mut left = time;
        while !left.is_zero() {
            if self.is_given_up() {
                return Err(Code::Cancelled.into());
            }
            let nap = left.min(PAUSE);
            std::thread::sleep(nap);
            left -= nap;
        }
        Ok(())
    }
}
