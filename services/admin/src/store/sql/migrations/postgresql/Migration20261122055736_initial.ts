import { Migration } from '@mikro-orm/migrations';

export class Migration20261122055736_initial extends Migration {

  override name = 'Migration20261122055736_initial';

  override up(): void | Promise<void> {
    this.addSql(`create table "admin_options" ("option_key" varchar(64) not null, "option_value" text not null, "sealed" int not null, primary key ("option_key"));`);

    this.addSql(`create table "admin_sessions" ("hash" varchar(64) not null, "user_id" bigint not null, "created_at" bigint not null, "last_seen_at" bigint not null, "expires_at" bigint not null, "session_version" bigint not null, primary key ("hash"));`);
    this.addSql(`create index "admin_sessions_user" on "admin_sessions" ("user_id");`);
    this.addSql(`create index "admin_sessions_expiry" on "admin_sessions" ("expires_at");`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "admin_options" cascade;`);
    this.addSql(`drop table if exists "admin_sessions" cascade;`);
  }

}
