//! The simulated hardware of a machine. The command line reads it from a file instead of the real hardware.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

pub struct Machine {
    path: PathBuf,
    components: Value,
}

impl Machine {
    /// A new desktop whose serial numbers end with `suffix`.
    pub fn desktop(folder: &Path, name: &str, suffix: &str) -> anyhow::Result<Self> {
        let components = json!({
            "tpm": [format!("ek-{suffix}")],
            "uuid": [format!("4c4c4544-0051-3510-8052-b4c04f4e{suffix}")],
            "board": [format!("CN129636AB01{suffix}")],
            "disk": [format!("S4EWNX0R12{suffix}")],
            "mac": [format!("a4:bb:6d:11:{}:{}", &suffix[..2], &suffix[2..])],
            "osid": [format!("3d1219c7c4c5404aaa1f6d2a48ad{suffix}")],
            "vol": [format!("0f9c1d0e-1111-4222-8333-12345678{suffix}")],
        });
        let machine = Self { path: folder.join(format!("{name}.hardware.json")), components };
        machine.write()?;
        Ok(machine)
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Replaces parts with new ones.
    pub fn replace(&mut self, parts: &[&str]) -> anyhow::Result<()> {
        for part in parts {
            self.components[part] = match *part {
                "uuid" => json!(["11111111-2222-4333-8444-555555556666"]),
                other => json!([format!("NEW-{other}-7788")]),
            };
        }
        self.write()
    }

    fn write(&self) -> anyhow::Result<()> {
        let machine = json!({ "class": "phys", "components": self.components });
        Ok(std::fs::write(&self.path, machine.to_string())?)
    }
}
