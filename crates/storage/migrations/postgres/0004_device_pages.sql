-- The devices of an account are found through its licenses, ended activations too.
CREATE INDEX activation_license ON activation (license_id, device_id);
