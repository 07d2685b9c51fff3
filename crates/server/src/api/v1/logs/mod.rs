pub mod checkpoint;
pub mod consistency;
pub mod inclusion;
