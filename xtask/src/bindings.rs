//! Tests the C interface and the bindings against a live server: C, C++, Python, Node.js, Java and Go.

use std::path::{Path, PathBuf};
use std::process::Command;

use keystead_testkit::{Server, Vendor, WITHOUT_LIMITS};
use serde_json::json;

use crate::command::{build_packages, output, root, run as run_command, server_binary, target};
use crate::{header, install};

const PROGRAMS: [(&str, &str); 5] = [
    ("cc", "gcc"),
    ("c++", "g++"),
    ("valgrind", "valgrind"),
    ("javac", "default-jdk-headless"),
    ("go", "golang-go"),
];
const JNA: &str = "/usr/share/java/jna.jar";
const LANGUAGES: [&str; 6] = ["c", "cpp", "python", "node", "java", "go"];

/// The test environment: a server, and a customer's profile, keys and folder.
struct Stage {
    _server: Server,
    place: tempfile::TempDir,
    library: PathBuf,
    keys: Vec<String>,
}

/// Builds and runs all bindings.
pub fn run() -> anyhow::Result<()> {
    header::check()?;
    install::programs("the checks of the C interface", &PROGRAMS)?;
    install::files("the checks of the C interface", &[(JNA, "libjna-java")])?;
    build_packages(&["-p", "keystead-server", "-p", "keystead-c"])?;
    let stage = Stage::open()?;
    stage.c()?;
    stage.cpp()?;
    stage.python()?;
    stage.node()?;
    stage.java()?;
    stage.go()
}

fn told(what: &str, text: &str) -> anyhow::Result<()> {
    for expected in ["\"state\":\"activated\"", "batch: true", "nobody: false"] {
        anyhow::ensure!(text.contains(expected), "{what} does not say {expected}: {text}");
    }
    println!("  {what}: activated");
    Ok(())
}

impl Stage {
    fn open() -> anyhow::Result<Self> {
        let place = tempfile::Builder::new().prefix("keystead-bindings-").tempdir()?;
        let server = Server::start(&server_binary(), &place.path().join("data"), &WITHOUT_LIMITS)?;
        let vendor = Vendor::new(&server.url(), &server.token()?);
        vendor.product("studio", "Studio", &json!({ "seats": 1 }))?;
        let keys = vendor.keys("studio", LANGUAGES.len() as u32)?;
        std::fs::write(place.path().join("profile.json"), vendor.profile("studio")?)?;
        let library = std::path::absolute(target().join("debug"))?;
        Ok(Self { _server: server, place, library, keys })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    fn key(&self, language: &str) -> &str {
        let at = LANGUAGES.iter().position(|name| *name == language).unwrap_or_default();
        &self.keys[at]
    }

    /// Client options with a separate data folder per language.
    fn options(&self, language: &str) -> String {
        json!({ "folder": self.path(language) }).to_string()
    }

    /// Runs the example of a language and checks its output.
    fn play(&self, language: &str, command: &mut Command) -> anyhow::Result<()> {
        command.arg(self.path("profile.json")).arg(self.options(language)).arg(self.key(language));
        command.env("LD_LIBRARY_PATH", &self.library);
        told(language, &output(command)?)
    }

    fn compile(&self, compiler: &str, source: &str, program: &Path) -> anyhow::Result<()> {
        let mut command = Command::new(compiler);
        command.args(["-Wall", "-Wextra", "-Werror", "-g", source, "-Icrates/sdk-c/include", "-L"]);
        run_command(command.arg(&self.library).args(["-lkeystead_c", "-o"]).arg(program).current_dir(root()))
    }

    fn c(&self) -> anyhow::Result<()> {
        let (example, hostile) = (self.path("activate-c"), self.path("hostile"));
        self.compile("cc", "crates/sdk-c/examples/activate.c", &example)?;
        self.compile("cc", "crates/sdk-c/tests/hostile.c", &hostile)?;
        self.play("c", &mut valgrind(&example))?;
        run_command(valgrind(&hostile).env("LD_LIBRARY_PATH", &self.library))?;
        println!("  valgrind: nothing leaked, nothing misread");
        Ok(())
    }

    fn cpp(&self) -> anyhow::Result<()> {
        let example = self.path("activate-cpp");
        self.compile("c++", "crates/sdk-c/examples/activate.cpp", &example)?;
        self.play("cpp", &mut Command::new(&example))
    }

    fn world(&self) -> anyhow::Result<String> {
        let world = json!({
            "profile": self.path("profile.json"),
            "folder": self.place.path(),
            "vectors": std::path::absolute(root().join("crates/protocol/vectors"))?,
            "keys": { "python": self.key("python"), "node": self.key("node") },
        });
        Ok(world.to_string())
    }

    fn native(&self) -> PathBuf {
        self.library.join("libkeystead_c.so")
    }

    /// Builds the Python wheel and tests it in an environment without other packages.
    fn python(&self) -> anyhow::Result<()> {
        let python = install::python_with("python-wheel", &["build>=1.2,<2", "hatchling>=1.27,<2"])?;
        let python = std::path::absolute(python)?;
        let (wheels, folder) = (self.path("wheels"), root().join("bindings/python"));
        let mut build = Command::new(&python);
        build.args(["-m", "build", "--wheel", "--no-isolation", "--outdir"]).arg(&wheels).arg(&folder);
        output(build.env("KEYSTEAD_LIBRARY", self.native()))?;
        let clean = self.path("clean-python");
        run_command(Command::new(&python).args(["-m", "venv"]).arg(&clean))?;
        let wheel = std::fs::read_dir(&wheels)?.flatten().map(|entry| entry.path()).next();
        let wheel = wheel.ok_or_else(|| anyhow::anyhow!("there is no wheel"))?;
        run_command(Command::new(clean.join("bin/pip")).args(["install", "--quiet"]).arg(wheel))?;
        let mut tests = Command::new(clean.join("bin/python"));
        tests.arg(folder.join("tests/test_live.py")).env("WORLD", self.world()?);
        run_command(tests.current_dir(self.place.path()))
    }

    /// Packs the npm package with the library and tests it in a folder without other packages except TypeScript.
    fn node(&self) -> anyhow::Result<()> {
        install::programs("the checks of the npm package", &[("npm", "npm"), ("node", "nodejs")])?;
        let (package, user) = (self.path("package"), self.path("node-user"));
        let from = root().join("bindings/node");
        std::fs::create_dir_all(package.join("native"))?;
        std::fs::create_dir_all(&user)?;
        for file in ["package.json", "index.js", "index.d.ts", "README.md"] {
            std::fs::copy(from.join(file), package.join(file))?;
        }
        std::fs::copy(self.native(), package.join("native/libkeystead_c.so"))?;
        let packed = output(Command::new("npm").args(["pack", "--silent"]).current_dir(&package))?;
        std::fs::write(user.join("package.json"), "{ \"private\": true, \"type\": \"module\" }")?;
        std::fs::copy(from.join("test/live.test.mjs"), user.join("live.test.mjs"))?;
        let mut install = Command::new("npm");
        install.args(["install", "--silent", "--no-audit", "--no-fund", "typescript@^5.6.0"]);
        run_command(install.arg(package.join(packed.trim())).current_dir(&user))?;
        std::fs::copy(from.join("test/types.ts"), user.join("types.ts"))?;
        let types = ["tsc", "--noEmit", "--strict", "--module", "nodenext", "--target", "es2022", "types.ts"];
        run_command(Command::new("npx").args(types).current_dir(&user))?;
        let mut tests = Command::new("node");
        tests.args(["--test", "--test-reporter", "spec", "live.test.mjs"]).env("WORLD", self.world()?);
        run_command(tests.current_dir(&user))
    }

    fn java(&self) -> anyhow::Result<()> {
        let classes = self.path("classes");
        let mut compile = Command::new("javac");
        run_command(
            compile.args(["-cp", JNA, "-d"]).arg(&classes).arg(root().join("bindings/java/Activate.java")),
        )?;
        let mut java = Command::new("java");
        java.arg(format!("-Djna.library.path={}", self.library.display()));
        java.arg("-cp").arg(format!("{JNA}:{}", classes.display())).arg("Activate");
        self.play("java", &mut java)
    }

    fn go(&self) -> anyhow::Result<()> {
        let example = self.path("activate-go");
        let include = std::path::absolute(root().join("crates/sdk-c/include"))?;
        let mut build = Command::new("go");
        build.args(["build", "-o"]).arg(&example).current_dir(root().join("bindings/go"));
        build.env("CGO_CFLAGS", format!("-I{}", include.display()));
        build.env("CGO_LDFLAGS", format!("-L{}", self.library.display()));
        build.env("GOFLAGS", "-mod=mod").env("GOCACHE", self.path("go-cache"));
        run_command(&mut build)?;
        self.play("go", &mut Command::new(&example))
    }
}

fn valgrind(program: &Path) -> Command {
    let mut command = Command::new("valgrind");
    command.args(["--quiet", "--error-exitcode=9", "--leak-check=full", "--errors-for-leak-kinds=definite"]);
    command.arg(program);
    command
}
