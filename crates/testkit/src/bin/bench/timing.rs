//! Checks that response times reveal no secrets. Sends the same request for different subjects in turns. The subjects
//! differ only in a secret property, for example whether an account exists.

use std::time::Instant;

use anyhow::Context as _;
use keystead_protocol::ProductKey;
use keystead_protocol::product_key::MacKey;
use keystead_testkit::{Browser, Device, Exchange, Http, PASSWORD, Server, Vendor};
use serde_json::json;

/// Sends a request for a subject; returns the status and the text of the response.
type Ask<'a> = dyn Fn(&str) -> anyhow::Result<(u16, String)> + 'a;

/// Prepares the turn with this number.
type Before<'a> = dyn Fn(usize) -> anyhow::Result<()> + 'a;

/// A request and the subjects that it is sent for.
struct Question<'a> {
    name: &'static str,
    cases: Vec<(&'static str, String)>,
    /// Runs before each turn and is not measured.
    before: Box<Before<'a>>,
    ask: Box<Ask<'a>>,
}

/// Sends each request with `wanted` in its name `tries` times for every subject. Returns whether, for each request,
/// the responses are equal and the medians of their times are within 5 % of each other.
pub fn run(server: &Server, tries: usize, wanted: &str) -> anyhow::Result<bool> {
    let browser = Browser::new(&server.url());
    let http = Http::new(&server.url());
    let mut all_alike = true;
    let questions = addresses(server, &browser)?.into_iter().chain(keys(server, &http)?);
    for question in questions.filter(|question| question.name.contains(wanted)) {
        all_alike &= question.is_answered_alike(tries)?;
    }
    Ok(all_alike)
}

impl Question<'_> {
    fn is_answered_alike(&self, tries: usize) -> anyhow::Result<bool> {
        let mut took = vec![Vec::new(); self.cases.len()];
        let mut answers = vec![None; self.cases.len()];
        for turn in 0..tries {
            (self.before)(turn)?;
            // A request can slow down the next one, because the server finishes some work later. So each subject comes
            // first equally often.
            for step in 0..self.cases.len() {
                let which = (turn + step) % self.cases.len();
                let began = Instant::now();
                let answer = (self.ask)(&self.cases[which].1.replace(ROUND, &(turn / UNLOCKED).to_string()))?;
                took[which].push(began.elapsed().as_secs_f64() * 1e3);
                answers[which] = Some(answer);
            }
        }
        let told_alike = answers.windows(2).all(|pair| pair[0] == pair[1]);
        let medians: Vec<f64> = took.into_iter().map(crate::median).collect();
        let (least, most) =
            (medians.iter().copied().fold(f64::MAX, f64::min), medians.iter().copied().fold(0.0, f64::max));
        let kept = told_alike && most / least <= 1.05;
        let times: Vec<String> = self
            .cases
            .iter()
            .zip(&medians)
            .map(|((name, _), median)| format!("{name} {median:.3} ms"))
            .collect();
        let verdict = if kept { "kept" } else { "MISSED" };
        println!(
            "{:<12} {}  ratio {:.3} <= 1.05, told alike: {told_alike}, {verdict}",
            self.name,
            times.join(", "),
            most / least
        );
        Ok(kept)
    }
}

/// Number of consecutive wrong passwords after which an address is not locked yet.
const UNLOCKED: usize = 9;
/// Placeholder in a subject for a number. The number changes every [`UNLOCKED`] turns, before the address is locked.
const ROUND: &str = "{round}";

fn nothing(_: usize) -> anyhow::Result<()> {
    Ok(())
}

/// Requests for an address with an account and one without.
fn addresses<'a>(server: &Server, browser: &'a Browser) -> anyhow::Result<Vec<Question<'a>>> {
    let (known, unknown) = ("known@example.org", "other{round}@example.org");
    Browser::new(&server.url()).sign_up(&server.mailbox(), known)?;
    let ask =
        |name: &'static str, path: &'static str, rest: &'static [(&'static str, &'static str)]| Question {
            name,
            cases: vec![("known", known.to_owned()), ("unknown", unknown.to_owned())],
            before: Box::new(nothing),
            ask: Box::new(move |email| {
                let fields: Vec<(&str, &str)> =
                    [("email", email)].into_iter().chain(rest.iter().copied()).collect();
                let (status, page) = browser.submit(path, &fields)?;
                anyhow::ensure!(matches!(status, 200 | 401), "{path}: {status} {page}");
                // The page repeats the typed address, which differs between the subjects.
                Ok((status, page.replace(email, "")))
            }),
        };
    let mut sign_in = ask("sign_in", "/sign-in", &[("password", "a wrong password, surely")]);
    let url = server.url();
    sign_in.before = Box::new(move |turn| {
        // A successful sign-in resets the failures. It uses a new browser, because the account would afterwards
        // recognize the guessing one.
        if turn % UNLOCKED == 0 {
            let (status, page) = Browser::new(&url).sign_in(known)?;
            anyhow::ensure!(status == 303, "the right password is refused: {page}");
        }
        Ok(())
    });
    Ok(vec![
        sign_in,
        ask("sign_up", "/sign-up", &[("name", "Person"), ("password", PASSWORD)]),
        ask("recover", "/recover", &[]),
    ])
}

/// Requests with a product key that is unknown, in use, or replaced. One kind of request has a device's proof, the
/// other has none.
fn keys<'a>(server: &Server, http: &'a Http) -> anyhow::Result<[Question<'a>; 2]> {
    let vendor = Vendor::new(&server.url(), &server.token()?);
    vendor.product("studio", "Studio", &json!({ "seats": 3 }))?;
    let [used, replaced] = vendor.keys("studio", 2)?.try_into().ok().context("two keys")?;
    let owner = Browser::new(&server.url());
    owner.sign_up(&server.mailbox(), "owner@example.org")?;
    let account = owner.sign_in_application()?;
    let account = account["access_token"].as_str().context("no token")?;
    let devices = [Device::new(1), Device::new(2)];
    let activated = vendor.activate("studio", &devices[0], &used)?;
    vendor.link(&devices[0], &activated, account)?;
    let leaked = vendor.activate("studio", &devices[1], &replaced)?;
    vendor.post(
        &format!("/api/v1/licenses/{}/reissue-key", leaked["license"].as_str().context("no license")?),
        &json!({ "reason": "it leaked" }),
    )?;
    let foreign = MacKey::derive(&[7; 16], &[7; 32]);
    let unknown = (0..).find_map(|random| ProductKey::mint(&foreign, 0, 1, random)).context("no key")?;
    let cases = vec![("unknown", unknown.to_string()), ("used", used), ("replaced", replaced)];
    let ask = |name, proven: bool, code: &'static str| {
        let (guesser, cases) = (Device::new(3), cases.clone());
        let ask = move |key: &str| {
            let body = json!({ "product": "studio", "product_key": key, "device": guesser.description() });
            let asked = Exchange::post("/api/v1/activations").json(&body);
            let reply = http.send(&if proven { asked.signed(&guesser) } else { asked })?;
            anyhow::ensure!(reply.code() == code, "{}", reply.json());
            let mut problem = reply.json();
            // The request id differs in each response.
            problem.as_object_mut().map(|problem| problem.remove("request_id"));
            Ok((reply.status, problem.to_string()))
        };
        Question { name, cases, before: Box::new(nothing), ask: Box::new(ask) }
    };
    Ok([ask("product_key", true, "product_key_not_accepted"), ask("without_proof", false, "proof_missing")])
}

/// Parses the number of tries on the command line.
pub fn tries(argument: Option<String>) -> anyhow::Result<usize> {
    argument.context("how many tries?")?.parse().context("how many tries?")
}
