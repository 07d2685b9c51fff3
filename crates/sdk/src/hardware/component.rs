/// The raw values of one hardware component.
pub(super) enum ComponentValues {
    Present(Vec<String>),
    #[cfg_attr(not(target_os = "linux"), allow(dead_code, reason = "other systems let every user read it"))]
    Unreadable,
    Absent,
}
