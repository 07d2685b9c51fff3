//! Carries out one intent on its own thread.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use keystead_protocol::Code;
use keystead_protocol::api::NewKey;
use keystead_protocol::id::{ActivationId, DeviceId, LicenseId};

use super::intent::Intent;
use super::notice::Notice;
use super::shared::Shared;
use super::view::{Choice, LocalState, ShownOnce, SignInStep, View};
use crate::{
    Client, Error, PasswordSignIn, Proxy, RefreshOutcome, SignInPoll, SignInPurpose, device_name,
    needs_ownership_sign_in,
};

/// How often a sleeping job checks whether it was cancelled.
const CANCEL_POLL_INTERVAL: Duration = Duration::from_millis(100);

pub(super) struct Job {
    pub(super) shared: Arc<Shared>,
    pub(super) number: u64,
}

impl Job {
    pub(super) fn run(self, intent: Intent) {
        let silent = matches!(intent, Intent::Load);
        let lists = matches!(intent, Intent::Load | Intent::ListDevices | Intent::RemoveDevice { .. });
        let outcome = self.carry_out(intent);
        // A cancelled job may have changed the data folder, so always read it again.
        let local = LocalState::read(&self.shared.client);
        self.shared.change(|view| {
            view.update(local);
            view.wants_devices |= !lists;
            if self.is_cancelled() {
                return;
            }
            view.work = None;
            if self.shared.mfa_challenge().is_none() {
                view.sign_in = None;
            }
            match outcome {
                // Keep the notice about unreadable files.
                Ok(None) if view.status.is_none() => {}
                Ok(notice) => view.notice = notice,
                Err(_) if silent => {}
                Err(error) => view.notice = Some(Notice::from_error(&error)),
            }
        });
    }

    fn client(&self) -> &Client {
        &self.shared.client
    }

    fn is_cancelled(&self) -> bool {
        self.shared.latest.load(Ordering::SeqCst) != self.number
    }

    /// Changes the view before the job ends, unless it was cancelled.
    fn show(&self, change: impl FnOnce(&mut View)) {
        self.shared.change(|view| {
            if !self.is_cancelled() {
                change(view);
            }
        });
    }

    fn carry_out(&self, intent: Intent) -> Result<Option<Notice>, Error> {
        let client = self.client();
        if matches!(intent, Intent::SignInByBrowser | Intent::SignInByCode) {
            // A new sign-in discards a password sign-in that waits for its second factor.
            *self.shared.mfa_challenge() = None;
        }
        match intent {
            Intent::Load => self.load().map(|()| None),
            Intent::CheckNow => self.check_now(),
            Intent::Activate { key } => self.activated(client.activate(&key, &device_name())),
            Intent::ActivateBySignIn => self.activated(client.activate_by_sign_in(&device_name())),
            Intent::Deactivate => {
                client.deactivate()?;
                success("This device is deactivated, and its seat is free.")
            }
            Intent::SignInByBrowser => self.sign_in_by_browser(SignInPurpose::Use).map(Some),
            Intent::SignInByCode => self.sign_in_by_code().map(Some),
            Intent::SignInWithPassword { email, password } => {
                self.password_step(client.sign_in_with_password(&email, &password))
            }
            Intent::AnswerMfaChallenge { code } => self.answer_mfa_challenge(&code),
            Intent::SignOut => {
                client.sign_out()?;
                success("You're signed out on this device. The product stays activated.")
            }
            Intent::ReadDisclosure => self.read_disclosure(),
            Intent::Link { agreed_version } => self.link(agreed_version),
            Intent::Unlink => self.unlink(),
            Intent::Diagnose => {
                let diagnostics = client.diagnose();
                self.show(|view| view.diagnostics = Some(diagnostics));
                Ok(None)
            }
            Intent::BeginOffline => self.begin_offline(false),
            Intent::RestartOffline => self.begin_offline(true),
            Intent::FinishOffline { lines } => self.activated_offline(client.finish_offline(&lines)),
            Intent::ReleaseOffline => self.release_offline(),
            Intent::SaveRequest { file } => {
                client.save_request(&file, &device_name())?;
                self.saved(&file, "Then open the license file here.")
            }
            Intent::OpenLicenseFile { file } => self.activated_offline(client.open_license_file(&file)),
            Intent::ReleaseToFile { file } => {
                client.release_to_file(&file)?;
                self.saved(&file, "This device is already deactivated; the file frees its seat.")
            }
            Intent::SetProxy { proxy } => self.set_proxy(proxy),
            Intent::ListDevices => self.list_devices().map(|()| None),
            Intent::RemoveDevice { device } => self.remove_device(device),
            Intent::ListChoices => self.list_choices(),
            Intent::Reactivate { activation } => self.reactivate(activation),
            Intent::Cancel | Intent::Dismiss => Ok(None),
        }
    }

    fn activated(&self, outcome: Result<(), Error>) -> Result<Option<Notice>, Error> {
        outcome?;
        self.update_details();
        success("This device is activated.")
    }

    fn activated_offline(&self, outcome: Result<(), Error>) -> Result<Option<Notice>, Error> {
        outcome?;
        self.show(|view| view.offline = None);
        success("This device is activated without the internet.")
    }

    fn read_disclosure(&self) -> Result<Option<Notice>, Error> {
        let disclosure = self.client().linking_disclosure()?;
        self.show(|view| view.disclosure = Some(disclosure));
        Ok(None)
    }

    fn link(&self, agreed_version: u32) -> Result<Option<Notice>, Error> {
        self.client().link(agreed_version)?;
        self.update_details();
        self.shared.change(|view| view.disclosure = None);
        success("The license is linked to your account. You won't need the product key again.")
    }

    fn unlink(&self) -> Result<Option<Notice>, Error> {
        let key = self.unlink_as_owner(self.client().license()?)?;
        self.update_details();
        // The key is shown only once, so show it even after a cancellation.
        self.shared.change(|view| view.new_key = Some(ShownOnce(key.product_key)));
        success("The license is no longer linked to your account. Save its new product key.")
    }

    fn begin_offline(&self, restart: bool) -> Result<Option<Notice>, Error> {
        let request = self.client().begin_offline(restart)?;
        self.show(|view| (view.offline, view.release) = (Some(request), None));
        Ok(None)
    }

    fn release_offline(&self) -> Result<Option<Notice>, Error> {
        let proof = self.client().release_offline()?;
        self.shared.change(|view| view.release = Some(proof));
        success("This device is deactivated. To free its seat, enter the code below on the account page.")
    }

    fn saved(&self, file: &Path, next: &str) -> Result<Option<Notice>, Error> {
        let page = format!("{}/offline/file", self.client().profile().server);
        success(format!(
            "Saved {}. Take it to {page} on any device with internet access. {next}",
            file.display()
        ))
    }

    fn set_proxy(&self, proxy: Proxy) -> Result<Option<Notice>, Error> {
        self.client().set_proxy(&proxy)?;
        self.shared.change(|view| view.proxy = proxy);
        // Test the proxy with any request.
        self.client().linking_disclosure()?;
        success("The license server can be reached. This proxy setting is saved.")
    }

    fn remove_device(&self, device: DeviceId) -> Result<Option<Notice>, Error> {
        let removed = self.client().deactivate_device(device)?;
        self.list_devices().ok();
        success(match removed.seats_freed {
            0 => "The device didn't use a seat.".to_owned(),
            1 => "Device removed. 1 seat is free.".to_owned(),
            seats => format!("Device removed. {seats} seats are free."),
        })
    }

    fn list_choices(&self) -> Result<Option<Notice>, Error> {
        let choices = self.choices()?;
        if choices.is_empty() {
            return Err(Code::NoLicense.into());
        }
        self.show(|view| view.choices = Some(choices));
        Ok(None)
    }

    fn reactivate(&self, activation: ActivationId) -> Result<Option<Notice>, Error> {
        self.client().reactivate(activation, &device_name())?;
        self.update_details();
        self.show(|view| view.choices = None);
        success("This device is activated again. Its name, history, and seat are unchanged.")
    }

    fn load(&self) -> Result<(), Error> {
        let client = self.client();
        if let Ok(allowed) = client.allows_password_sign_in() {
            self.shared.change(|view| view.allows_password_sign_in = allowed);
        }
        if client.is_signed_in()? {
            client.account()?;
        }
        self.update_details();
        Ok(())
    }

    /// Fetches the license details. They are optional: ignore errors.
    fn update_details(&self) {
        self.client().details().ok();
    }

    /// Refreshes the certificate. Only a renewed certificate needs a notice: the status explains
    /// the other outcomes.
    fn check_now(&self) -> Result<Option<Notice>, Error> {
        let refreshed = self.client().refresh()?;
        self.update_details();
        let success = Notice::done("Your activation is up to date.");
        Ok((refreshed == RefreshOutcome::Renewed).then_some(success))
    }

    fn sign_in_by_browser(&self, purpose: SignInPurpose) -> Result<Notice, Error> {
        let pending = self.client().begin_browser_sign_in(purpose)?;
        let address = pending.address.clone();
        self.show(|view| view.sign_in = Some(SignInStep::Browser { address }));
        self.client().wait_for_browser(&pending, || self.is_cancelled())?;
        self.signed_in()
    }

    /// Unlinks the license. If the server requires a recent sign-in, signs in with the browser
    /// first.
    fn unlink_as_owner(&self, license: LicenseId) -> Result<NewKey, Error> {
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
                // Keep polling while the network is interrupted.
                Err(error) if error.code.kind() == keystead_protocol::code::Kind::Client => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn password_step(&self, outcome: Result<PasswordSignIn, Error>) -> Result<Option<Notice>, Error> {
        match outcome? {
            PasswordSignIn::Done => self.signed_in().map(Some),
            PasswordSignIn::MfaRequired(challenge) => {
                *self.shared.mfa_challenge() = Some(challenge);
                self.show(|view| view.sign_in = Some(SignInStep::SecondFactor));
                Ok(None)
            }
        }
    }

    fn answer_mfa_challenge(&self, code: &str) -> Result<Option<Notice>, Error> {
        let challenge = self.shared.mfa_challenge().take().ok_or(Error::from(Code::SignInRequired))?;
        match self.client().answer_mfa_challenge(challenge, code)? {
            PasswordSignIn::Done => self.signed_in().map(Some),
            PasswordSignIn::MfaRequired(challenge) => {
                *self.shared.mfa_challenge() = Some(challenge);
                Err(Code::CodeWrong.into())
            }
        }
    }

    fn signed_in(&self) -> Result<Notice, Error> {
        self.show(|view| view.sign_in = None);
        let account = self.client().account()?;
        Ok(Notice::done(format!("You're signed in as {}.", account.email)))
    }

    fn list_devices(&self) -> Result<(), Error> {
        let devices = self.client().devices();
        // Load the list once, even if that fails: the page offers a retry.
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
            if self.is_cancelled() {
                return Err(Code::Cancelled.into());
            }
            let nap = left.min(CANCEL_POLL_INTERVAL);
            std::thread::sleep(nap);
            left -= nap;
        }
        Ok(())
    }
}

fn success(sentence: impl Into<String>) -> Result<Option<Notice>, Error> {
    Ok(Some(Notice::done(sentence)))
}
