CREATE TABLE schema_version (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT schema_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE chats (
    platform TEXT NOT NULL,
    chat TEXT NOT NULL,
    language TEXT,
    introduced_at DATETIME,
    gone_at DATETIME,
    created_at DATETIME NOT NULL,
    PRIMARY KEY (platform, chat)
);
CREATE TABLE updates (
    platform TEXT NOT NULL,
    account TEXT NOT NULL,
    update_id BIGINT NOT NULL,
    handled_at DATETIME NOT NULL,
    PRIMARY KEY (platform, account, update_id)
);
CREATE TABLE marks (
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    changed_at DATETIME NOT NULL,
    PRIMARY KEY (name)
);
INSERT INTO schema_version (version_num) VALUES ('0001');
-- ---- rows, as this version kept them
INSERT INTO chats VALUES ('telegram', '-1007', 'zh-CN', '2026-03-29 06:00:00.000000', NULL, '2026-03-28 20:15:00.000000');
INSERT INTO chats VALUES ('discord', '42', NULL, NULL, '2026-03-29 06:00:00.000000', '2026-03-28 20:15:00.000000');
INSERT INTO updates VALUES ('telegram', '4711', 9007199254740993, '2026-03-29 06:00:00.000000');
INSERT INTO marks VALUES ('commands', 'a1', '2026-03-29 06:00:00.000000');
