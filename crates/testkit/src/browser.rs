use anyhow::Context as _;
use serde_json::Value;
use ureq::Agent;

use crate::mailbox::{Email, Mailbox};

/// The password of accounts that a [`Browser`] creates.
pub const PASSWORD: &str = "violet teapot on a ladder";

/// The quoted value after `name=` in the last form of a page. It is the form's action or the value of a hidden field.
pub fn hidden(page: &str, name: &str) -> Option<String> {
    let form = &page[page.rfind("<form")?..];
    let start = form.find(&format!("{name}=\""))? + name.len() + 2;
    form[start..].split('"').next().map(str::to_owned)
}

/// A simulated browser of a customer. It supports forms and cookies.
pub struct Browser {
    agent: Agent,
    server: String,
}

impl Browser {
    /// Opens a new browser.
    pub fn new(server: &str) -> Self {
        let agent = Agent::config_builder().http_status_as_error(false).max_redirects(0).build().into();
        Self { agent, server: server.to_owned() }
    }

    /// Opens a page and returns the status and the page.
    pub fn open(&self, path: &str) -> Result<(u16, String), ureq::Error> {
        let mut answer = self.agent.get(format!("{}{path}", self.server)).call()?;
        Ok((answer.status().as_u16(), answer.body_mut().read_to_string()?))
    }

    /// Submits a form from a page of this server and returns the status and the page.
    pub fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Result<(u16, String), ureq::Error> {
        self.submit_from("same-origin", path, fields)
    }

    /// Opens a page and returns its redirect target.
    pub fn location(&self, path: &str) -> anyhow::Result<String> {
        let answer = self.agent.get(format!("{}{path}", self.server)).call()?;
        location(&answer)
    }

    /// Submits a form from a page of this server and returns the redirect target.
    pub fn redirected(&self, path: &str, fields: &[(&str, &str)]) -> anyhow::Result<String> {
        let request =
            self.agent.post(format!("{}{path}", self.server)).header("sec-fetch-site", "same-origin");
        location(&request.send_form(fields.iter().copied())?)
    }

    /// Submits a form and returns the status and the page. `site` is the value of the header `Sec-Fetch-Site`.
    pub fn submit_from(
        &self,
        site: &str,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Result<(u16, String), ureq::Error> {
        let request = self.agent.post(format!("{}{path}", self.server)).header("sec-fetch-site", site);
        let mut answer = request.send_form(fields.iter().copied())?;
        Ok((answer.status().as_u16(), answer.body_mut().read_to_string()?))
    }

    /// Creates an account: fills in the form, opens the link in the email, presses the button. The browser is signed in
    /// afterwards.
    pub fn sign_up(&self, mailbox: &Mailbox, email: &str) -> anyhow::Result<()> {
        let fields = [("email", email), ("name", "Person"), ("password", PASSWORD)];
        let (status, page) = self.submit("/sign-up", &fields)?;
        anyhow::ensure!(status == 200, "the form was not taken: {page}");
        self.confirm(&mailbox.next(email)?)
    }

    /// Opens the link in an email, types the password if the page requires it, and presses the button.
    pub fn confirm(&self, email: &Email) -> anyhow::Result<()> {
        let link = email.link()?;
        let (status, page) = self.open(&link)?;
        anyhow::ensure!(status == 200, "the link leads nowhere: {page}");
        let action = hidden(&page, "action").context("the page has no form")?;
        let token = hidden(&page, "name=\"token\" value").context("the form has no token")?;
        let next = hidden(&page, "name=\"next\" value").unwrap_or_default();
        let fields = [("token", token.as_str()), ("next", &next), ("password", PASSWORD)];
        let (status, page) = self.submit(&action, &fields)?;
        anyhow::ensure!(status == 200 || status == 303, "the button did nothing: {page}");
        Ok(())
    }

    /// Signs in with an address and the password that [`Browser::sign_up`] uses.
    pub fn sign_in(&self, email: &str) -> Result<(u16, String), ureq::Error> {
        self.submit("/sign-in", &[("email", email), ("password", PASSWORD)])
    }

    /// The session cookie as `name=value`.
    pub fn cookie(&self) -> Option<String> {
        let jar = self.agent.cookie_jar_lock();
        let cookie = jar.iter().find(|cookie| cookie.name().ends_with("keystead"));
        cookie.map(|cookie| format!("{}={}", cookie.name(), cookie.value()))
    }

    /// Approves the sign-in that shows `code`: enters the code, checks the page, and presses the button.
    pub fn approve(&self, code: &str) -> anyhow::Result<()> {
        let (status, page) = self.submit("/device", &[("code", code)])?;
        anyhow::ensure!(status == 200 && page.contains("Is this you?"), "the code was not taken: {page}");
        let (status, page) = self.submit("/device/decide", &[("code", code), ("decision", "approve")])?;
        anyhow::ensure!(status == 200 && page.contains("is signed in"), "the approval was not taken: {page}");
        Ok(())
    }

    /// Signs an application in with a device code and approves the sign-in in this browser. Returns the tokens.
    pub fn sign_in_application(&self) -> Result<Value, ureq::Error> {
        self.sign_in_application_for("keystead-cli", "")
    }

    /// Like [`Self::sign_in_application`], for the application `client` with a scope. An empty scope requests the
    /// default.
    pub fn sign_in_application_for(&self, client: &str, scope: &str) -> Result<Value, ureq::Error> {
        let client = ("client_id", client);
        let asked = [client, ("device_name", "Desk PC"), ("scope", scope)];
        let (_, started) = self.submit("/id/device_authorization", &asked)?;
        let started: Value = serde_json::from_str(&started).unwrap_or_default();
        let text = |name: &str| started[name].as_str().unwrap_or_default().to_owned();
        self.submit("/device/decide", &[("code", &text("user_code")), ("decision", "approve")])?;
        let grant = ("grant_type", "urn:ietf:params:oauth:grant-type:device_code");
        let (_, tokens) =
            self.submit("/id/token", &[grant, client, ("device_code", &text("device_code"))])?;
        Ok(serde_json::from_str(&tokens).unwrap_or_default())
    }
}

fn location(answer: &ureq::http::Response<ureq::Body>) -> anyhow::Result<String> {
    let location = answer.headers().get("location").and_then(|value| value.to_str().ok());
    location.map(str::to_owned).with_context(|| format!("{} leads nowhere", answer.status()))
}
