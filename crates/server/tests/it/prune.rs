//! Pruning deletes expired rows and keeps all others.

use keystead_testkit::Device;

use crate::world::{DAY, World};

#[test]
fn without_a_consumer_no_message_is_written() {
    for world in World::each() {
        let key = world.one_key(1);
        world.activated(&Device::new(1), &key);
        assert!(world.read(|connection| connection.messages_due(i64::MAX, 10)).is_empty());
        world.pass(31 * DAY);
        assert_eq!(world.prune().messages, 0);
    }
}

#[test]
fn an_applications_sign_in_is_kept_for_thirty_days_after_its_end() {
    for world in World::each() {
        let (gone, mut stays) = (world.customer(), world.customer());
        let refresh = gone.tokens["refresh_token"].as_str().unwrap();
        let fields = [("token", refresh), ("client_id", "keystead-cli")];
        assert_eq!(gone.browser.submit("/id/revoke", &fields).unwrap().0, 200);
        for _ in 0..3 {
            world.pass(10 * DAY);
            assert_eq!(world.prune().app_sessions, 0);
            stays.renew();
        }
        world.pass(1);
        assert_eq!(world.prune().app_sessions, 1);
        stays.renew();
    }
}

#[test]
fn uses_of_a_budget_are_kept_for_a_day_after_its_window() {
    for world in World::each() {
        let key = world.one_key(1);
        let device = Device::new(1);
        world.activated(&device, &key);
        world.activated(&device, &key);
        world.pass(8 * DAY);
        assert_eq!(world.prune().budget_uses, 0);
        world.pass(1);
        assert_eq!(world.prune().budget_uses, 1, "the repeated response of the second activation");
    }
}
