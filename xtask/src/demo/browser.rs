//! A customer's browser, as far as the pages need one: forms and a cookie.

use anyhow::Context as _;
use ureq::Agent;

/// A browser.
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

    /// Sends a form and gives the status and the page.
    pub fn submit(&self, path: &str, fields: &[(&str, &str)]) -> anyhow::Result<(u16, String)> {
        let mut answer = self
            .agent
            .post(format!("{}{path}", self.server))
            .header("sec-fetch-site", "same-origin")
            .send_form(fields.iter().copied())
            .with_context(|| format!("{path} does not answer"))?;
        Ok((answer.status().as_u16(), answer.body_mut().read_to_string()?))
    }

    /// Approves the sign-in that shows `code`, as a person does: type the code, read, allow.
    pub fn approve(&self, code: &str) -> anyhow::Result<()> {
        let (status, page) = self.submit("/device", &[("code", code)])?;
        anyhow::ensure!(status == 200 && page.contains("Did you start this?"), "the code was not taken: {page}");
        let (status, page) = self.submit("/device/decide", &[("code", code), ("decision", "approve")])?;
        anyhow::ensure!(status == 200 && page.contains("is signed in"), "the approval was not taken: {page}");
        Ok(())
    }
}
