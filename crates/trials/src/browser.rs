use serde_json::Value;
use ureq::Agent;

/// A customer's browser, as far as the pages need one: forms and a cookie.
pub struct Browser {
    agent: Agent,
    server: String,
}

impl Browser {
    /// Opens one.
    pub fn new(server: &str) -> Self {
        let agent = Agent::config_builder().http_status_as_error(false).max_redirects(0).build().into();
        Self { agent, server: server.to_owned() }
    }

    /// Opens a page and gives the status and the page.
    pub fn open(&self, path: &str) -> Result<(u16, String), ureq::Error> {
        let mut answer = self.agent.get(format!("{}{path}", self.server)).call()?;
        Ok((answer.status().as_u16(), answer.body_mut().read_to_string()?))
    }

    /// Sends a form of this server's and gives the status and the page.
    pub fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Result<(u16, String), ureq::Error> {
        self.submit_from("same-origin", path, fields)
    }

    /// Sends a form as a browser does from a page of `site` (the value of `Sec-Fetch-Site`).
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

    /// Makes an account; the browser is signed in afterwards.
    pub fn sign_up(&self, email: &str) -> Result<(u16, String), ureq::Error> {
        self.submit(
            "/sign-up",
            &[("email", email), ("name", "Person"), ("password", "violet teapot on a ladder")],
        )
    }

    /// Approves the sign-in that shows `code`, as a person does: type the code, read, allow.
    pub fn approve(&self, code: &str) -> anyhow::Result<()> {
        let (status, page) = self.submit("/device", &[("code", code)])?;
        anyhow::ensure!(
            status == 200 && page.contains("Did you start this?"),
            "the code was not taken: {page}"
        );
        let (status, page) = self.submit("/device/decide", &[("code", code), ("decision", "approve")])?;
        anyhow::ensure!(status == 200 && page.contains("is signed in"), "the approval was not taken: {page}");
        Ok(())
    }

    /// Signs an application in by a device code that this browser's person approves; the tokens.
    pub fn sign_in_application(&self) -> Result<Value, ureq::Error> {
        let client = ("client_id", "keystead-cli");
        let (_, started) = self.submit("/id/device_authorization", &[client, ("device_name", "Desk PC")])?;
        let started: Value = serde_json::from_str(&started).unwrap_or_default();
        let text = |name: &str| started[name].as_str().unwrap_or_default().to_owned();
        self.submit("/device/decide", &[("code", &text("user_code")), ("decision", "approve")])?;
        let grant = ("grant_type", "urn:ietf:params:oauth:grant-type:device_code");
        let (_, tokens) =
            self.submit("/id/token", &[grant, client, ("device_code", &text("device_code"))])?;
        Ok(serde_json::from_str(&tokens).unwrap_or_default())
    }
}
