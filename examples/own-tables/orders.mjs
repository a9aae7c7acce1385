// Orders of synced users, in a table of the same PostgreSQL database:
// node orders.mjs add USER ITEM, or node orders.mjs list
import pg from "pg";

const { MEETVO_URL = "http://127.0.0.1:8080", MEETVO_API_KEY, DATABASE_URL } = process.env;
const db = new pg.Client({ connectionString: DATABASE_URL });

// The foreign key ensures that each order has a user. Only the service writes to `clerk.users`. With
// `IF NOT EXISTS`, PostgreSQL asks for the right to create schemas even if the schema exists.
const TABLES = `
  DO $$ BEGIN IF to_regnamespace('app') IS NULL THEN CREATE SCHEMA app; END IF; END $$;
  CREATE TABLE IF NOT EXISTS app.orders (
    id      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    item    TEXT NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL REFERENCES clerk.users (clerk_id)
  );
  CREATE INDEX IF NOT EXISTS orders_by_user ON app.orders (user_id);`;

// The view leaves out users who are deleted, or not synced yet.
const INSERT = `
  INSERT INTO app.orders (item, user_id)
  SELECT $2, clerk_id FROM clerk.active_users WHERE clerk_id = $1 RETURNING id`;

const LIST = `
  SELECT o.id, o.item, u.first_name, u.email
  FROM app.orders AS o JOIN clerk.active_users AS u ON u.clerk_id = o.user_id
  ORDER BY o.id`;

/** Waits until a new user has been synced, because a sign-up can be faster than its webhook. */
async function isSynced(user) {
  const url = `${MEETVO_URL}/v1/users/${encodeURIComponent(user)}?wait=3s`;
  const headers = { Authorization: `Bearer ${MEETVO_API_KEY}` };
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(10_000) });
  if (!response.ok && response.status !== 404) throw new Error(`${url}: ${response.status}`);
  return response.ok;
}

async function add(user, item) {
  let { rows } = await db.query(INSERT, [user, item]);
  if (rows.length === 0 && (await isSynced(user))) ({ rows } = await db.query(INSERT, [user, item]));
  if (rows.length === 0) throw new Error(`unknown user: ${user}`);
  console.log(`order ${rows[0].id}`);
}

async function list() {
  const { rows } = await db.query(LIST);
  for (const { id, item, first_name, email } of rows) console.log(`${id} ${item}: ${first_name} <${email}>`);
}

const [command, ...parameters] = process.argv.slice(2);
await db.connect();
try {
  await db.query(TABLES);
  await (command === "add" ? add(...parameters) : list());
} finally {
  await db.end();
}
