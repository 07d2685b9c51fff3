-- The list of devices reads activations in its own order, and asks which other licenses a device uses. A refresh changes
-- nothing that an index holds: PostgreSQL then leaves all of them alone.
DROP INDEX activation_license;
CREATE INDEX activation_license ON activation (license_id, device_id, id);
DROP INDEX activation_device;
CREATE INDEX activation_device ON activation (device_id, license_id);
DROP INDEX activation_floating;
CREATE INDEX activation_floating ON activation (license_id) WHERE live AND floating;
