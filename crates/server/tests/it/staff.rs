//! Revocation of the tokens, roles and sessions of staff and customers.

use std::process::{Command, Output};

use keystead_app::accounts::manage_accounts::AccountChange;
use keystead_storage::Role;
use keystead_testkit::{Browser, Exchange, PASSWORD, hidden};
use serde_json::{Value, json};

use crate::world::{DAY, World};

#[test]
fn a_revoked_token_changes_nothing_more_although_it_is_still_remembered() {
    for world in World::each() {
        let token = world.api_token("catalog,read");
        let product = |slug: &str| {
            let body = json!({ "slug": slug, "name": "Studio" });
            world.send(&Exchange::post("/api/v1/products").json(&body).bearer(&token))
        };
        assert_eq!(product("one").status, 201);
        let listed = world.api_tokens();
        let used = listed.iter().find(|listed| listed.scopes == "catalog read").unwrap();
        assert_eq!(used.used_at, Some(world.now()), "its last use is shown");
        world.revoke_api_token(used.id);
        assert_eq!(product("two").code(), "token_expired");
        world.pass(2_000);
        assert_eq!(world.get("/api/v1/products", &token).code(), "token_expired");
        assert_eq!(world.get("/api/v1/products", &world.token).json().as_array().unwrap().len(), 1);
    }
}

#[test]
fn a_token_ends_by_itself_and_says_when() {
    let world = World::sqlite();
    let token = world.api_token_for_days("read", 365);
    assert_eq!(world.get("/api/v1/products", &token).status, 200);
    world.pass(365 * DAY);
    assert_eq!(world.get("/api/v1/products", &token).code(), "token_expired");
}

#[test]
fn somebody_who_left_is_signed_out_at_once_and_stays_out() {
    for world in World::each() {
        let admin = world.staff(Role::Admin);
        let list = |token: &str| world.get("/api/v1/products", token);
        assert_eq!(list(admin.token()).status, 200);
        world.change_account(&admin.email, AccountChange::Disable);
        assert_eq!(list(admin.token()).code(), "token_expired");
        assert_eq!(admin.browser.open("/").unwrap().0, 303, "the browser is signed out");
        let again = Browser::new(&world.server);
        let (status, page) = again.sign_in(&admin.email).unwrap();
        assert!(status == 401 && page.contains("credentials_wrong"), "{page}");
        world.change_account(&admin.email, AccountChange::Enable);
        assert_eq!(again.sign_in(&admin.email).unwrap().0, 200, "the second factor is asked for");
    }
}

#[test]
fn a_role_that_was_taken_away_is_gone_with_every_sign_in() {
    for world in World::each() {
        let support = world.staff(Role::Support);
        world.change_account(&support.email, AccountChange::SetRole(Role::Customer));
        assert_eq!(world.get("/api/v1/products", support.token()).code(), "token_expired");
        let browser = Browser::new(&world.server);
        let secret = hidden(&browser.sign_in(&support.email).unwrap().1, "name=\"secret\" value").unwrap();
        let typed = [("secret", secret.as_str()), ("code", &support.recovery_codes[0])];
        assert_eq!(browser.submit("/sign-in/code", &typed).unwrap().0, 303);
        let tokens = browser.sign_in_application_for("console", "licenses vendor").unwrap();
        let token = tokens["access_token"].as_str().unwrap();
        assert_eq!(world.get("/api/v1/products", token).code(), "permission_missing");
    }
}

#[test]
fn an_administrator_ends_the_sessions_of_anybody_and_says_why() {
    for world in World::each() {
        let (customer, admin) = (world.customer(), world.staff(Role::Admin));
        let sign_out = |reason: &str, email: &str| {
            let body = json!({ "email": email, "reason": reason });
            world.send(&Exchange::post("/api/v1/accounts/sign-out").json(&body).bearer(admin.token()))
        };
        assert_eq!(sign_out("", &customer.email).code(), "value_not_allowed");
        assert_eq!(sign_out("a stolen laptop", "nobody@example.org").code(), "not_found");
        assert_eq!(sign_out("a stolen laptop", &customer.email).status, 200);
        assert_eq!(world.get("/api/v1/account", customer.token()).code(), "token_expired");
        assert_eq!(customer.browser.open("/").unwrap().0, 303);
    }
}

fn operator(data: &std::path::Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keystead-server"));
    command.arg("--data").arg(data).args(arguments).env_clear();
    if arguments.contains(&"create") && arguments.contains(&"staff") {
        use std::io::Write as _;
        let mut child = command
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(PASSWORD.as_bytes()).unwrap();
        return child.wait_with_output().unwrap();
    }
    command.output().unwrap()
}

#[test]
fn a_log_that_was_computed_anew_does_not_fit_what_was_noted() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| operator(folder.path(), arguments);
    printed(&run(&["token", "create", "--name", "desk", "--scopes", "read"]));
    let whole = printed(&run(&["log", "verify"]));
    let noted = whole.split_whitespace().find(|word| word.starts_with("audit=1:")).unwrap();
    printed(&run(&["token", "create", "--name", "shop", "--scopes", "validate"]));
    printed(&run(&["log", "verify", "--noted", noted]));
    let other = format!("{}{}", &noted[..noted.len() - 2], if noted.ends_with("00") { "01" } else { "00" });
    let replaced = run(&["log", "verify", "--noted", &other]);
    assert!(!replaced.status.success());
    assert!(String::from_utf8_lossy(&replaced.stderr).contains("it was rewritten after that was noted"));
}

#[test]
fn the_operator_proves_that_a_log_grew_and_that_an_unknown_event_is_not_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| operator(folder.path(), arguments);
    for name in ["desk", "shop", "till"] {
        printed(&run(&["token", "create", "--name", name, "--scopes", "read"]));
    }
    let grown: Value =
        serde_json::from_str(&printed(&run(&["log", "prove", "growth", "audit", "1"]))).unwrap();
    assert_eq!((&grown["from"], &grown["to"]), (&json!(1), &json!(3)));
    assert_eq!(grown["proof"].as_array().unwrap().len(), 2);
    let unknown = run(&["log", "prove", "event", "evt_00000000000070008000000000000001"]);
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("the audit log has no such event"));
}

fn printed(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn the_operator_names_scopes_sees_tokens_and_staff_and_withdraws_them() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| operator(folder.path(), arguments);
    let unnamed = run(&["token", "create", "--name", "desk"]);
    assert!(!unnamed.status.success(), "scopes are never all by default");

    let created = run(&["token", "create", "--name", "desk", "--scopes", "read,validate"]);
    let said = String::from_utf8_lossy(&created.stderr).into_owned();
    assert!(said.contains("read, validate") && said.contains("It expires on 20"), "{said}");
    let tokens: Value = serde_json::from_str(&printed(&run(&["token", "list", "--json"]))).unwrap();
    let (id, token) = (tokens[0]["id"].as_str().unwrap(), &tokens[0]);
    assert_eq!(token["expires_at"].as_i64().unwrap() - token["created_at"].as_i64().unwrap(), 365 * DAY);
    assert_eq!((&token["status"], &token["used_at"]), (&json!("active"), &Value::Null));
    printed(&run(&["token", "revoke", id]));
    assert!(!run(&["token", "revoke", id]).status.success(), "it is revoked already");
    assert!(printed(&run(&["token", "list"])).contains("revoked"));

    printed(&run(&["staff", "create", "--email", "desk@example.org", "--role", "support"]));
    printed(&run(&["staff", "set-role", "desk@example.org", "admin"]));
    printed(&run(&["staff", "disable", "desk@example.org"]));
    let staff: Value = serde_json::from_str(&printed(&run(&["staff", "list", "--json"]))).unwrap();
    assert_eq!((&staff[0]["role"], &staff[0]["status"]), (&json!("admin"), &json!("disabled")));
    printed(&run(&["staff", "enable", "desk@example.org"]));
    printed(&run(&["staff", "sign-out", "desk@example.org"]));
    let unknown = run(&["staff", "disable", "nobody@example.org"]);
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("not_found"));
}
