-- Seats of devices without hardware of their own are another's once their lease has ended.

ALTER TABLE activation ADD COLUMN floating BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX activation_floating ON activation (license_id, lease_until_at) WHERE live AND floating;
