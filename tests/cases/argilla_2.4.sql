-- The tables that Argilla 2.4 makes in SQLite, and one workspace.
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('660d6c6b3360');
CREATE TABLE "datasets" (
	id CHAR(32) NOT NULL, 
	name VARCHAR NOT NULL, 
	guidelines TEXT, 
	status VARCHAR NOT NULL, 
	workspace_id CHAR(32) NOT NULL, 
	inserted_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	allow_extra_metadata BOOLEAN DEFAULT (true) NOT NULL, 
	last_activity_at DATETIME NOT NULL, 
	distribution JSON NOT NULL, metadata JSON, 
	PRIMARY KEY (id), 
	CONSTRAINT dataset_name_workspace_id_uq UNIQUE (name, workspace_id), 
	FOREIGN KEY(workspace_id) REFERENCES workspaces (id) ON DELETE CASCADE
);
CREATE TABLE fields (
	id CHAR(32) NOT NULL, 
	name VARCHAR NOT NULL, 
	title TEXT NOT NULL, 
	required BOOLEAN DEFAULT 0 NOT NULL, 
	settings JSON NOT NULL, 
	dataset_id CHAR(32) NOT NULL, 
	inserted_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT field_name_dataset_id_uq UNIQUE (name, dataset_id), 
	FOREIGN KEY(dataset_id) REFERENCES datasets (id) ON DELETE CASCADE
);
CREATE TABLE metadata_properties (
	id CHAR(32) NOT NULL, 
	name VARCHAR NOT NULL, 
	title TEXT NOT NULL, 
	settings JSON NOT NULL, 
	allowed_roles JSON DEFAULT '[]' NOT NULL, 
	dataset_id CHAR(32) NOT NULL, 
	inserted_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(dataset_id) REFERENCES datasets (id) ON DELETE CASCADE, 
	CONSTRAINT metadata_property_name_dataset_id_uq UNIQUE (name, dataset_id)
);
CREATE TABLE questions (
	id CHAR(32) NOT NULL, 
	name VARCHAR NOT NULL, 
	title TEXT NOT NULL, 
	description TEXT, 
	required BOOLEAN DEFAULT 0 NOT NULL, 
	settings JSON NOT NULL, 
	dataset_id CHAR(32) NOT NULL, 
	inserted_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT question_name_dataset_id_uq UNIQUE (name, dataset_id), 
	FOREIGN KEY(dataset_id) REFERENCES datasets (id) ON DELETE CASCADE
);
CREATE TABLE records (
	id CHAR(32) NOT NULL, 
	fields JSON NOT NULL, 
	external_id VARCHAR, 
	dataset_id CHAR(32) NOT NULL, 
	inserted_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, metadata JSON, status VARCHAR(9) DEFAULT 'pending' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT record_external_id_dataset_id_uq UNIQUE (external_id, dataset_id), 
	FOREIGN KEY(dataset_id) REFERENCES datasets (id) ON DELETE CASCADE
);
CREATE TABLE "responses" (
	id CHAR(32) NOT NULL, 
	"values" JSON, 
	status VARCHAR NOT NULL, 
	record_id CHAR(32) NOT NULL, 
	user_id CHAR(32) NOT NULL, 
	inserted_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT responses_record_id_fkey FOREIGN KEY(record_id) REFERENCES records (id) ON DELETE CASCADE, 
	CONSTRAINT response_record_id_user_id_uq UNIQUE (record_id, user_id), 
	CONSTRAINT responses_user_id_fkey FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE TABLE "suggestions" (
	id CHAR(32) NOT NULL, 
	value JSON NOT NULL, 
	score JSON, 
	agent VARCHAR, 
	type VARCHAR, 
	record_id CHAR(32) NOT NULL, 
	question_id CHAR(32) NOT NULL, 
	inserted_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT suggestion_record_id_question_id_uq UNIQUE (record_id, question_id), 
	FOREIGN KEY(question_id) REFERENCES questions (id) ON DELETE CASCADE, 
	FOREIGN KEY(record_id) REFERENCES records (id) ON DELETE CASCADE
);
CREATE TABLE users (
	id CHAR(32) NOT NULL, 
	first_name VARCHAR NOT NULL, 
	last_name VARCHAR, 
	username VARCHAR NOT NULL, 
	role VARCHAR NOT NULL, 
	api_key TEXT NOT NULL, 
	password_hash TEXT NOT NULL, 
	inserted_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE vectors (
	value JSON NOT NULL, 
	record_id CHAR(32) NOT NULL, 
	vector_settings_id CHAR(32) NOT NULL, 
	id CHAR(32) NOT NULL, 
	inserted_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(record_id) REFERENCES records (id) ON DELETE CASCADE, 
	FOREIGN KEY(vector_settings_id) REFERENCES vectors_settings (id) ON DELETE CASCADE, 
	CONSTRAINT vector_record_id_vector_settings_id_uq UNIQUE (record_id, vector_settings_id)
);
CREATE TABLE vectors_settings (
	name VARCHAR NOT NULL, 
	title TEXT NOT NULL, 
	dimensions INTEGER NOT NULL, 
	dataset_id CHAR(32) NOT NULL, 
	id CHAR(32) NOT NULL, 
	inserted_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(dataset_id) REFERENCES datasets (id) ON DELETE CASCADE, 
	CONSTRAINT vector_settings_name_dataset_id_uq UNIQUE (name, dataset_id)
);
CREATE TABLE workspaces (
	id CHAR(32) NOT NULL, 
	name VARCHAR NOT NULL, 
	inserted_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "workspaces" VALUES('11111111111111111111111111111111','old','2024-01-01 00:00:00','2024-01-01 00:00:00');
CREATE TABLE workspaces_users (
	id CHAR(32) NOT NULL, 
	workspace_id CHAR(32) NOT NULL, 
	user_id CHAR(32) NOT NULL, 
	inserted_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT workspace_id_user_id_uq UNIQUE (workspace_id, user_id), 
	FOREIGN KEY(workspace_id) REFERENCES workspaces (id) ON DELETE CASCADE, 
	FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX ix_users_username ON users (username);
CREATE UNIQUE INDEX ix_users_api_key ON users (api_key);
CREATE INDEX ix_users_role ON users (role);
CREATE UNIQUE INDEX ix_workspaces_name ON workspaces (name);
CREATE INDEX ix_workspaces_users_workspace_id ON workspaces_users (workspace_id);
CREATE INDEX ix_workspaces_users_user_id ON workspaces_users (user_id);
CREATE INDEX ix_questions_name ON questions (name);
CREATE INDEX ix_questions_dataset_id ON questions (dataset_id);
CREATE INDEX ix_records_dataset_id ON records (dataset_id);
CREATE INDEX ix_records_external_id ON records (external_id);
CREATE INDEX ix_fields_name ON fields (name);
CREATE INDEX ix_fields_dataset_id ON fields (dataset_id);
CREATE INDEX ix_metadata_properties_dataset_id ON metadata_properties (dataset_id);
CREATE INDEX ix_metadata_properties_name ON metadata_properties (name);
CREATE INDEX ix_vectors_settings_dataset_id ON vectors_settings (dataset_id);
CREATE INDEX ix_vectors_settings_name ON vectors_settings (name);
CREATE INDEX ix_vectors_record_id ON vectors (record_id);
CREATE INDEX ix_vectors_vector_settings_id ON vectors (vector_settings_id);
CREATE INDEX ix_suggestions_type ON suggestions (type);
CREATE INDEX ix_suggestions_record_id ON suggestions (record_id);
CREATE INDEX ix_suggestions_question_id ON suggestions (question_id);
CREATE INDEX ix_responses_status ON responses (status);
CREATE INDEX ix_responses_record_id ON responses (record_id);
CREATE INDEX ix_responses_user_id ON responses (user_id);
CREATE INDEX ix_datasets_status ON datasets (status);
CREATE INDEX ix_datasets_workspace_id ON datasets (workspace_id);
CREATE INDEX ix_datasets_name ON datasets (name);
CREATE INDEX ix_records_status ON records (status);
COMMIT;
