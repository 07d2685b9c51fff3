use anyhow::Context as _;
use serde_json::{Value, json};

use crate::{Device, Exchange, Http};

/// The vendor's automation. All methods except [`Self::refresh`] fail if the server refuses the request.
pub struct Vendor {
    http: Http,
    token: String,
}

impl Vendor {
    /// Creates an automation with an API token.
    pub fn new(server: &str, token: &str) -> Self {
        Self { http: Http::new(server), token: token.to_owned() }
    }

    fn send(&self, request: &Exchange<'_>) -> anyhow::Result<Vec<u8>> {
        let reply = self.http.send(request)?;
        anyhow::ensure!(reply.status < 300, "{}: {}", request.path, reply.json());
        Ok(reply.bytes)
    }

    /// Posts `body`.
    pub fn post(&self, path: &str, body: &Value) -> anyhow::Result<Vec<u8>> {
        self.send(&Exchange::post(path).json(body).bearer(&self.token))
    }

    /// Defines a product with an edition, and a policy with these rules.
    pub fn product(&self, slug: &str, name: &str, rules: &Value) -> anyhow::Result<()> {
        self.post("/api/v1/products", &json!({ "slug": slug, "name": name }))?;
        let edition = json!({ "slug": "pro", "name": "Professional", "features": ["raw", "batch"] });
        self.post(&format!("/api/v1/products/{slug}/editions"), &edition)?;
        let policy = json!({ "slug": "retail", "rules": rules });
        self.post(&format!("/api/v1/products/{slug}/policies"), &policy)?;
        Ok(())
    }

    /// The profile that ships with an application of the product.
    pub fn profile(&self, slug: &str) -> anyhow::Result<Vec<u8>> {
        let path = format!("/api/v1/products/{slug}/profile");
        self.send(&Exchange::get(&path).bearer(&self.token))
    }

    /// Creates product keys.
    pub fn keys(&self, slug: &str, count: u32) -> anyhow::Result<Vec<String>> {
        let batch = json!({ "edition": "pro", "policy": "retail", "count": count });
        let lines = self.post(&format!("/api/v1/products/{slug}/key-batches"), &batch)?;
        let lines = String::from_utf8(lines)?;
        let lines = lines.lines().map(serde_json::from_str::<Value>).collect::<Result<Vec<_>, _>>()?;
        let keys = lines.iter().filter_map(|line| line["keys"].as_array()).flatten();
        keys.map(|key| key.as_str().map(str::to_owned).context("no product key")).collect()
    }

    /// Activates a device with a product key and returns the response.
    pub fn activate(&self, slug: &str, device: &Device, key: &str) -> anyhow::Result<Value> {
        let body = json!({ "product": slug, "product_key": key, "device": device.description() });
        let answer = self.send(&Exchange::post("/api/v1/activations").json(&body).signed(device))?;
        Ok(serde_json::from_slice(&answer)?)
    }

    /// Links the license of an activation to the account of an application's access token.
    pub fn link(&self, device: &Device, activated: &Value, account: &str) -> anyhow::Result<()> {
        let path = format!("/api/v1/licenses/{}/link", activated["license"].as_str().context("no license")?);
        let body =
            json!({ "activation": activated["activation"], "consent": { "version": 1, "agreed": true } });
        self.send(&Exchange::post(path).json(&body).bearer(account).signed(device)).map(drop)
    }

    /// Requests a new certificate for a device; returns the status and the response.
    pub fn refresh(&self, device: &Device, activated: &Value) -> anyhow::Result<(u16, Value)> {
        let id = activated["activation"].as_str().context("no activation")?;
        let body = json!({
            "ratchet": { "r": activated["ratchet"], "x": keystead_protocol::text::to_base64url(&[7; 16]) },
            "fingerprint": device.fingerprint,
        });
        let path = format!("/api/v1/activations/{id}/refresh");
        let reply = self.http.send(&Exchange::post(path).json(&body).signed(device))?;
        Ok((reply.status, reply.json()))
    }
}
