import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { expect, inject, test } from 'vitest';

import { chooseTime } from '../support/choose';
import { App } from '../../example/App';
import { memory } from '../../example/secureStorage';
import { sheetFor } from '../support/sheet';
import { codeFor } from './support/mailbox';
import { sandbox } from './support/sandbox';

const { serverUrl, mailUrl } = inject('house');
const WHO = 'E-mail address or user name';
const tap = async (name: string | RegExp) => fireEvent.click(await screen.findByRole('button', { name }));
const says = (words: string | RegExp) => screen.findByText(words, undefined, { timeout: 20_000 });
const type = async (label: string | RegExp, value: string) =>
  fireEvent.change(await screen.findByLabelText(label), { target: { value } });

async function signUp(email: string): Promise<void> {
  await tap('I have no account yet');
  await type('Your name', 'Ada Lovelace');
  await type('E-mail address', email);
  await type(/^Password, eight/, 'a long pass phrase');
  await tap('Make my account');
  await says(/^We sent a code to/);
}

test('somebody signs up, verifies, books, pays, cancels, and deletes the account', async () => {
  sheetFor(async (intent) => {
    await sandbox.pay(intent);
    return {};
  });
  const storage = memory();
  const email = `ada-${Date.now()}@example.com`;
  render(<App baseUrl={serverUrl} storage={storage} />);
  await signUp(email);
  await type('Code', 'BBBB-BBBB');
  await tap('Go on');
  await says(/^That is not the code\./);
  await type('Code', await codeFor(email, mailUrl));
  await tap('Go on');
  await says('You have no bookings yet.');
  expect(await storage.get()).toMatch(/^[0-9a-f]{64}$/);

  await tap('Book');
  await tap('Deep clean, £45.00');
  await chooseTime(-2);
  await tap('Book and pay');
  await tap('Pay £45.00');
  await says(/^Paid\. Deep clean/);
  await tap('See my booking');
  await tap('Back');

  await tap('My account');
  await says(email);
  await type('Phone', '+44 20 7946 0000');
  await tap('Save');
  await says('Saved.');
  await tap('Delete my account');
  await type('Password', 'wrong');
  await tap('Delete it for good');
  await says('The password is wrong.');
  await type('Password', 'a long pass phrase');
  await tap('Delete it for good');
  await says('Your account will be deleted');
  await says(/^BK-.*: an appointment is still to come\.$/);
  await tap('Close');
  await screen.findByLabelText(WHO);
  expect(await storage.get()).toBeNull();
});

test('an app that is opened again is still signed in, and a forgotten password is replaced', async () => {
  const storage = memory();
  const email = `grace-${Date.now()}@example.com`;
  render(<App baseUrl={serverUrl} storage={storage} />);
  await signUp(email);
  await type('Code', await codeFor(email, mailUrl));
  await tap('Go on');
  await says('You have no bookings yet.');
  cleanup();

  render(<App baseUrl={serverUrl} storage={storage} />);
  await says('You have no bookings yet.');
  await tap('My account');
  await tap('Sign out');

  await tap('I forgot my password');
  await type('E-mail address', email);
  const before = await codeFor(email, mailUrl);
  await tap('Send me a code');
  await says(/^If there is an account for/);
  await expect.poll(() => codeFor(email, mailUrl), { timeout: 20_000 }).not.toBe(before);
  await type('Code', await codeFor(email, mailUrl));
  await type(/^New password/, 'quite another phrase');
  await tap('Set the password');
  await says('You have no bookings yet.');
});

test('what is wrong is said so that a customer understands it', async () => {
  render(<App baseUrl={serverUrl} />);
  await tap('I have no account yet');
  await type('E-mail address', 'ada@example.com');
  await type(/^Password, eight/, '12345');
  await tap('Make my account');
  await says(/too short/);
  await tap('Back');
  await type(WHO, 'nobody@example.com');
  await type('Password', 'wrong');
  await tap('Sign in');
  await says('The e-mail address or the password is wrong.');
});
