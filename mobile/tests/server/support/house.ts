import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openMailbox } from './mailbox';
import { findPython, run, start, type Running } from './python';

/** What a test needs to know of the running server and its Stripe sandbox. */
export interface House {
  python: string;
  env: Record<string, string>;
  serverUrl: string;
  sandboxUrl: string;
  /** Where the mails that were sent are read. */
  mailUrl: string;
  /** All that site and worker printed. */
  log: string;
}

export const PASSWORD = 'only-for-these-tests';
/** The second one is the example app's, whose list of bookings is looked at. */
export const CUSTOMERS = ['mobile-customer', 'app-customer'] as const;
const WEBHOOK_SECRET = 'whsec_mobile_tests';
const PREPARE = `
from datetime import time, timedelta
from accounts.models import User
from django.core.management import call_command
from bookings.models import Hours, Service
call_command("migrate", verbosity=0)
for name in ${JSON.stringify(CUSTOMERS)}:
    User.objects.create_user(name, password="${PASSWORD}")
cut = Service.objects.create(name="Haircut", duration=timedelta(minutes=30), price=3000, currency="gbp")
for name in ("Mia", "Noah"):
    able = cut.resources.create(name=name)
    Hours.objects.bulk_create(Hours(resource=able, weekday=day, opens=time(9), closes=time(11)) for day in range(7))
Service.objects.create(name="Deep clean", duration=timedelta(minutes=90), price=4500, currency="gbp", capacity=1000)
`;

/** The real server, its worker and the sandbox, on free ports and a database of their own. */
export async function startHouse(): Promise<{ house: House; stop: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'bookings-mobile-'));
  const started: Running[] = [];
  const stop = async () => {
    await Promise.all(started.map((running) => running.stop()));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const python = findPython();
    const mailbox = await openMailbox();
    started.push({ ready: mailbox.readUrl, stop: mailbox.stop });
    const sandbox = await start(python, ['-m', 'sandbox', '--port', '0'], ownEnv({}), /listening on (\S+)/);
    started.push(sandbox);
    const env = settings(folder, sandbox.ready, mailbox.smtpUrl);
    run(python, ['manage.py', 'shell', '-c', PREPARE], ownEnv(env));
    const log = join(folder, 'log');
    const worker = start(python, ['manage.py', 'worker'], ownEnv(env), /(worker)/, log);
    const server = await startServer(python, env, { log });
    started.push(server, await worker);
    await listenAt(sandbox.ready, server.ready);
    const [serverUrl, sandboxUrl, mailUrl] = [server.ready, sandbox.ready, mailbox.readUrl];
    return { house: { python, env, serverUrl, sandboxUrl, mailUrl, log }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The web server alone, on the house's database; `bind` is a port to come back to. */
export function startServer(
  python: string,
  env: Record<string, string>,
  { bind = '127.0.0.1:0', log }: { bind?: string; log?: string } = {},
): Promise<Running> {
  const own = ['--bind', bind, '--no-control-socket'];
  const args = ['-m', 'gunicorn', '-c', 'config/gunicorn.py', ...own, 'config.wsgi'];
  return start(python, args, ownEnv(env), /Listening at: (\S+)/, log);
}

/** A command on the house's database, run to its end; its output. */
export function manage({ python, env }: House, ...args: string[]): string {
  return run(python, ['manage.py', ...args], ownEnv(env));
}

function ownEnv(env: Record<string, string>): NodeJS.ProcessEnv {
  return { ...process.env, PYTHONUNBUFFERED: '1', PYTHON_DOTENV_DISABLED: 'true', ...env };
}

function settings(folder: string, sandboxUrl: string, smtpUrl: string): Record<string, string> {
  return {
    DEBUG: 'false',
    SECRET_KEY: 'only-for-the-mobile-tests-0123456789-abcdefghijklmnop',
    ALLOWED_HOSTS: '127.0.0.1',
    SECURE_SSL_REDIRECT: 'false',
    DATABASE_URL: `sqlite:///${join(folder, 'db.sqlite3')}`,
    STRIPE_SECRET_KEY: 'sk_test_mobile',
    STRIPE_PUBLISHABLE_KEY: 'pk_test_mobile',
    STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    STRIPE_API_BASE: sandboxUrl,
    STRIPE_PACE: '1000',
    REFUND_NOTICE_HOURS: '12',
    THROTTLE_CHANGES: '10000/min',
    THROTTLE_ANONYMOUS: '10000/min',
    THROTTLE_SIGN_IN_ADDRESS: '10000/min',
    THROTTLE_SIGN_IN_USER: '10000/min',
    THROTTLE_SIGN_IN_STRANGERS: '10000/hour',
    EMAIL_URL: smtpUrl,
    WEB_PROCESSES: '1',
    LOG_LEVEL: 'DEBUG',
  };
}

async function listenAt(sandboxUrl: string, serverUrl: string): Promise<void> {
  const url = `${serverUrl}/api/v1/payment/webhook/`;
  const body = JSON.stringify({ url, secret: WEBHOOK_SECRET });
  const answer = await fetch(`${sandboxUrl}/_control/webhook_endpoints`, { method: 'POST', body });
  if (!answer.ok) throw new Error(`The sandbox refuses the webhook: ${await answer.text()}`);
}
