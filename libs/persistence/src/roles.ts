import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { QueryRunner } from 'typeorm';
import { sqlState } from './database-error.js';

const SCRAM_ITERATIONS = 4_096;
const PRINTABLE_ASCII = /^[\x20-\x7e]+$/;

/** SQLSTATE of "this role is being changed by someone else", of "it exists" and of the same race in the catalogue. */
const CONCURRENT_CHANGE = ['XX000', '42710', '23505'];
const ATTEMPTS = 20;

/**
 * Makes a login role, or gives it its password anew. Roles belong to the whole server, so that an advisory lock of one
 * database does not keep two migrations apart here: who loses a race tries again.
 */
export async function ensureRole(runner: QueryRunner, role: string, password: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      const [existing] = await runner.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
      const verb = existing === undefined ? 'CREATE' : 'ALTER';
      await runner.query(`${verb} ROLE "${role}" LOGIN PASSWORD '${scramVerifier(password)}'`);
      return;
    } catch (error) {
      if (attempt === ATTEMPTS || !CONCURRENT_CHANGE.includes(sqlState(error) ?? '')) throw error;
      await sleep(10 * attempt);
    }
  }
}

/**
 * What PostgreSQL stores of a password. Sent in its place, no password can reach the server's log.
 *
 * @param password Printable ASCII, for which SASLprep changes nothing.
 * @source RFC 5803; PostgreSQL 18, "pg_authid": SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>
 * @throws TypeError when the password holds anything else.
 */
export function scramVerifier(password: string, salt: Uint8Array = randomBytes(16)): string {
  if (!PRINTABLE_ASCII.test(password)) {
    throw new TypeError('GANGLION_DATABASE_ROLE_PASSWORD must be printable ASCII.');
  }
  const salted = pbkdf2Sync(password, salt, SCRAM_ITERATIONS, 32, 'sha256');
  const keyed = (text: string): Buffer => createHmac('sha256', salted).update(text).digest();
  const storedKey = createHash('sha256').update(keyed('Client Key')).digest('base64');
  const serverKey = keyed('Server Key').toString('base64');
  return `SCRAM-SHA-256$${SCRAM_ITERATIONS}:${Buffer.from(salt).toString('base64')}$${storedKey}:${serverKey}`;
}
