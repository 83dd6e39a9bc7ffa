import { createServer } from 'node:http';
import pg from 'pg';

/*
 * Reference that the server is measured against: a bare Node HTTP server that keeps each call by one INSERT … ON
 * CONFLICT, verifies nothing and signs nothing.
 */
const { BARE_DATABASE: connectionString, BARE_TABLE: table } = process.env;
const pool = new pg.Pool({ connectionString, max: 10 });
await pool.query(`CREATE TABLE ${table} (id text PRIMARY KEY, item text NOT NULL)`);
const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  const { orderId } = JSON.parse(body);
  const insert = `INSERT INTO ${table} (id, item) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING`;
  await pool.query(insert, [orderId, body]);
  response.setHeader('content-type', 'application/json');
  response.end('{"resultCode":"000004"}');
});
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
