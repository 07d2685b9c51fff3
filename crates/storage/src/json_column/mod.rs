//! The types of the JSON columns. They change only in ways that earlier releases can read: see `connection/json.rs`.

mod baseline;
mod features;
mod left_branches;
mod rules;

pub(crate) use baseline::StoredBaseline;
pub(crate) use features::StoredFeatures;
pub(crate) use left_branches::{OldBranch, StoredBranches};
pub(crate) use rules::StoredRules;

#[cfg(test)]
mod tests {
    use keystead_domain::policy::{AccountRule, Allowance, PolicyRules, SalesChannel, Term};
    use keystead_domain::ratchet::{LeftBranch, LeftBy, Shown};
    use keystead_protocol::fingerprint::{Component, Fingerprint, MachineClass, Tag, Tags};

    use super::*;
    use crate::connection::json::encode;

    #[test]
    fn what_this_release_writes_has_a_version_and_names() {
        let features = StoredFeatures::from(vec!["export".into(), "raw".into()]);
        assert_eq!(encode("features", &features).unwrap(), r#"{"v":1,"features":["export","raw"]}"#);

        let tags = Tags::new([Tag([0x12, 0x34])]).unwrap();
        let baseline = Fingerprint {
            class: MachineClass::Vm,
            fp: [(Component::Disk, tags)].into(),
            unreadable: vec![Component::Uuid],
        };
        assert_eq!(
            encode("baseline", &StoredBaseline::from(&baseline)).unwrap(),
            r#"{"v":1,"class":"vm","fp":{"disk":"1234"},"unreadable":["uuid"]}"#
        );

        let branch = |left_by, previous| LeftBranch { current: [1; 16], previous, left_at: 5, left_by };
        let pair = Shown { r: [2; 16], x: [3; 16] };
        let branches = [branch(LeftBy::Fork, Some(pair)), branch(LeftBy::Choice, None)];
        assert_eq!(
            encode("left_branches", &StoredBranches::from(branches.as_slice())).unwrap(),
            concat!(
                r#"{"v":1,"branches":[{"current":"AQEBAQEBAQEBAQEBAQEBAQ","#,
                r#""previous":{"r":"AgICAgICAgICAgICAgICAg","x":"AwMDAwMDAwMDAwMDAwMDAw"},"left_at":5,"left_by":"fork"},"#,
                r#"{"current":"AQEBAQEBAQEBAQEBAQEBAQ","left_at":5,"left_by":"choice"}]}"#
            )
        );

        let rules = PolicyRules {
            channel: SalesChannel::Oem,
            account: AccountRule::Never,
            term: Term::Days(30),
            forks: Allowance { uses: 1, window_days: 2 },
            ..PolicyRules::default()
        };
        assert_eq!(
            encode("rules", &StoredRules::from(rules)).unwrap(),
            concat!(
                r#"{"v":1,"channel":"oem","seats":1,"term":{"days":30},"lease_days":180,"refresh_days":30,"#,
                r#""grace_days":30,"hardware_grace_days":14,"rebinds":4,"rebind_window_days":365,"reinstalls":6,"#,
                r#""reinstall_window_days":365,"keys_per_seat":3,"forks":1,"fork_window_days":2,"#,
                r#""floating_hours":24,"account":"never"}"#
            )
        );
    }
}
