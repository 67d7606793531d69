import { Migration } from '@mikro-orm/migrations';

export class Migration20261122055736_initial extends Migration {

  override name = 'Migration20261122055736_initial';

  override up(): void | Promise<void> {
    this.addSql(`create table \`admin_options\` (\`option_key\` varchar(64) not null, \`option_value\` mediumtext not null, \`sealed\` int not null, primary key (\`option_key\`)) default character set utf8mb4 collate utf8mb4_bin engine = InnoDB;`);

    this.addSql(`create table \`admin_sessions\` (\`hash\` varchar(64) not null, \`user_id\` bigint not null, \`created_at\` bigint not null, \`last_seen_at\` bigint not null, \`expires_at\` bigint not null, \`session_version\` bigint not null, primary key (\`hash\`)) default character set utf8mb4 collate utf8mb4_bin engine = InnoDB;`);
    this.addSql(`alter table \`admin_sessions\` add index \`admin_sessions_user\` (\`user_id\`);`);
    this.addSql(`alter table \`admin_sessions\` add index \`admin_sessions_expiry\` (\`expires_at\`);`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists \`admin_options\`;`);
    this.addSql(`drop table if exists \`admin_sessions\`;`);
  }

}
