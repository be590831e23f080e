import { readFileSync } from 'node:fs';

import { fireEvent, render, screen } from '@testing-library/react';
import { expect, inject, test } from 'vitest';

import { App } from '../../example/App';
import { chooseTime } from '../support/choose';
import { sheetFor } from '../support/sheet';
import { leftInAMonth } from './support/leaving';
import { codeFor, mailsTo } from './support/mailbox';
import { sandbox } from './support/sandbox';

const house = inject('house');
const tap = async (name: string | RegExp) => fireEvent.click(await screen.findByRole('button', { name }));
const says = (words: string | RegExp) => screen.findByText(words);
const type = async (label: string | RegExp, value: string) =>
  fireEvent.change(await screen.findByLabelText(label), { target: { value } });

const EMAIL = 'zenobia.quill@example.com';
// Many screens, one after the other: it may take long on a busy machine.
const TIMEOUT = 300_000;
// Long enough that no hash, time or id holds one by chance.
const TRACES = ['zenobia', 'quill', '7946 0000', '79460000', 'a long pass phrase'];
const tracesIn = (text: string) => TRACES.filter((trace) => text.toLowerCase().includes(trace));

async function signUp(): Promise<void> {
  await tap('I have no account yet');
  await type('Your name', 'Zenobia Quill');
  await type('E-mail address', EMAIL);
  await type(/^Password, eight/, 'a long pass phrase');
  await tap('Make my account');
  await type('Code', await codeFor(EMAIL, house.mailUrl));
  await tap('Go on');
  await says('You have no bookings yet.');
  await tap('My account');
  await type('Phone', '+44 20 7946 0000');
  await tap('Save');
  await says('Saved.');
  await tap('Back');
}

async function book(): Promise<string> {
  await tap('Book');
  await tap('Haircut, £30.00');
  await says('With whom?');
  await tap('Mia');
  await chooseTime(-1);
  await says('With Mia');
  await says(/^If you cancel until .* you get everything back/);
  await tap('Book and pay');
  const title = await screen.findByText(/^Pay for BK-/);
  await tap('Pay £30.00');
  await says(/^Paid\. Haircut/);
  await tap('See my booking');
  await says('With Mia');
  return title.textContent?.replace('Pay for ', '') ?? '';
}

async function move(): Promise<void> {
  await tap('Move this booking');
  await chooseTime(0);
  await says(/Same price\.$/);
  await tap('Move it');
  await says(/^Haircut, .*: Confirmed$/);
  await tap('Back');
}

async function cancel(): Promise<void> {
  await tap('Cancel this booking');
  await tap('Cancel and get £30.00 back');
  await says('Your booking is cancelled.');
  await says(/^£30\.00 was sent back to your card/);
  await tap('Back');
  await tap('Back');
}

async function leave(reference: string): Promise<void> {
  await tap('My account');
  await tap('Delete my account');
  await type('Password', 'a long pass phrase');
  await tap('Delete it for good');
  await says('Your account will be deleted');
  await says(`${reference}: your bank may still send a refund back, up to 30 days later.`);
  await tap('Close');
  await screen.findByLabelText('E-mail address or user name');
}

test('a customer comes, books, pays, moves, cancels and leaves, and then nothing is left of them', async () => {
  sheetFor(async (intent) => {
    await sandbox.pay(intent);
    return {};
  });
  render(<App baseUrl={house.serverUrl} />);
  await signUp();
  const reference = await book();
  await move();
  await cancel();
  await leave(reference);

  const kept = leftInAMonth();
  expect(tracesIn(kept.before), 'they have to be reached while money may come back').toContain('zenobia');
  expect(kept.after, 'what was sold stays').toContain(reference);
  expect(tracesIn(kept.after)).toEqual([]);
  expect(kept.trail).toMatch(/^The audit trail holds: \d+ entries/);
  expect(tracesIn(JSON.stringify(await sandbox.customers()))).toEqual([]);
  expect((await mailsTo(EMAIL, house.mailUrl)).at(-1)).toContain('Subject: Your account is deleted');
  const printed = readFileSync(house.log, 'utf8');
  expect(printed, 'site').toContain('Unauthorized: /api/v1/accounts/app/v1/auth/signup');
  expect(printed, 'worker').toContain('worker: looking after what is due');
  expect(printed, 'down to what it says at DEBUG').toContain('POST /v1/refunds');
  expect(tracesIn(printed)).toEqual([]);
}, TIMEOUT);
