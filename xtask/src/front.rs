//! A TLS proxy in front of servers under test, as in production: nginx with a certificate of a temporary certificate
//! authority.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use keystead_testkit::free_port;

use crate::command::run;
use crate::install;

/// A running nginx, killed on drop.
pub struct Front {
    process: Child,
    /// Path of the authority's certificate (PEM).
    pub authority: PathBuf,
    /// Path of the certificate of `localhost` (PEM).
    pub certificate: PathBuf,
}

/// The port of the proxy, and the port of the server behind the proxy.
#[derive(Clone, Copy)]
pub struct Way {
    /// The port on which nginx accepts TLS.
    pub tls: u16,
    /// The port to which nginx forwards requests.
    pub plain: u16,
}

impl Way {
    /// Finds two free ports.
    pub fn free() -> anyhow::Result<Self> {
        Ok(Self { tls: free_port()?, plain: free_port()? })
    }

    /// The URL for clients.
    pub fn url(self) -> String {
        format!("https://localhost:{}", self.tls)
    }
}

impl Front {
    /// Starts nginx with its files in `folder`.
    pub fn start(folder: &Path, ways: &[Way]) -> anyhow::Result<Self> {
        install::programs("the checks behind TLS", &[("nginx", "nginx-light"), ("openssl", "openssl")])?;
        std::fs::create_dir_all(folder)?;
        let (authority, certificate) = certificates(folder)?;
        let configuration = folder.join("nginx.conf");
        std::fs::write(&configuration, configure(folder, ways))?;
        let mut command = Command::new("nginx");
        command.arg("-p").arg(folder).arg("-c").arg(&configuration).arg("-e").arg(folder.join("error.log"));
        let process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        Ok(Self { process, authority, certificate })
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn certificates(folder: &Path) -> anyhow::Result<(PathBuf, PathBuf)> {
    let request = |subject: &str, name: &str| {
        let mut command = Command::new("openssl");
        command.current_dir(folder).stderr(Stdio::null());
        command.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]);
        command.args(["-days", "2", "-subj", subject]);
        command.args(["-keyout", &format!("{name}.key"), "-out", &format!("{name}.pem")]);
        command
    };
    run(&mut request("/CN=Authority of a test run", "authority"))?;
    run(request("/CN=localhost", "localhost")
        .args(["-CA", "authority.pem", "-CAkey", "authority.key"])
        .args(["-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=CA:FALSE"]))?;
    let path = |name| std::path::absolute(folder.join(name));
    Ok((path("authority.pem")?, path("localhost.pem")?))
}

fn configure(folder: &Path, ways: &[Way]) -> String {
    let servers: String = ways
        .iter()
        .map(|Way { tls, plain }| {
            format!(
                "server {{ listen 127.0.0.1:{tls} ssl; location / {{ proxy_pass http://127.0.0.1:{plain}; }} }}\n"
            )
        })
        .collect();
    let folder = folder.display();
    format!(
        "daemon off;\nmaster_process off;\npid {folder}/nginx.pid;\nevents {{}}\nhttp {{\n\
         access_log off;\n\
         client_body_temp_path {folder}/body;\nproxy_temp_path {folder}/proxy;\nfastcgi_temp_path {folder}/fastcgi;\n\
         uwsgi_temp_path {folder}/uwsgi;\nscgi_temp_path {folder}/scgi;\n\
         ssl_certificate {folder}/localhost.pem;\nssl_certificate_key {folder}/localhost.key;\n\
         proxy_http_version 1.1;\nproxy_set_header Host $http_host;\n\
         proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;\nproxy_set_header X-Forwarded-Proto https;\n\
         {servers}}}\n"
    )
}
