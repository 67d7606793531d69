import { Migration } from '@mikro-orm/migrations';

export class Migration20261122055736_initial extends Migration {

  override name = 'Migration20261122055736_initial';

  override up(): void | Promise<void> {
    this.addSql(`create table \`admin_options\` (\`option_key\` text not null primary key, \`option_value\` text not null, \`sealed\` integer not null);`);

    this.addSql(`create table \`admin_sessions\` (\`hash\` text not null primary key, \`user_id\` integer not null, \`created_at\` integer not null, \`last_seen_at\` integer not null, \`expires_at\` integer not null, \`session_version\` integer not null);`);
    this.addSql(`create index \`admin_sessions_user\` on \`admin_sessions\` (\`user_id\`);`);
    this.addSql(`create index \`admin_sessions_expiry\` on \`admin_sessions\` (\`expires_at\`);`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists \`admin_options\`;`);
    this.addSql(`drop table if exists \`admin_sessions\`;`);
  }

}
