use keystead_testkit::snapshot_settings;

use crate::shop::Shop;

#[test]
fn a_vendor_defines_a_product_and_sells_it() {
    let shop = Shop::open();
    let mut vendor = shop.vendor();
    let mut run = |arguments: &[&str]| vendor.run(&[&["vendor"], arguments].concat()).unwrap();
    run(&["product", "list"]);
    run(&["product", "create", "studio", "--name", "Studio"]);
    run(&["product", "create", "studio", "--name", "Studio"]);
    run(&["product", "list"]);
    run(&["product", "profile", "studio"]);
    run(&["edition", "list", "studio"]);
    run(&["edition", "create", "studio", "pro", "--name", "Professional", "--features", "raw,batch"]);
    run(&["edition", "list", "studio"]);
    run(&["policy", "list", "studio"]);
    run(&["policy", "create", "studio", "retail", "--seats", "2"]);
    run(&["policy", "create", "studio", "broken", "--lease-days", "0"]);
    run(&["policy", "list", "studio"]);
    run(&["license", "list"]);
    let make = ["keys", "make", "studio", "--edition", "pro", "--policy", "retail"];
    let keys = run(&[&make[..], &["--count", "2"]].concat());
    run(&[&make[..], &["--count", "3", "--out", "keys.txt"]].concat());
    run(&[&make[..], &["--out", "keys.txt"]].concat());
    run(&["validate", "--key", keys.lines().next().unwrap()]);
    run(&["--json", "validate", "--key", keys.lines().next().unwrap()]);
    run(&["--json", "product", "list"]);
    run(&["--json", "edition", "list", "studio"]);
    run(&["--json", "policy", "list", "studio"]);
    snapshot_settings().bind(|| insta::assert_snapshot!("vendor", vendor.text()));
}
