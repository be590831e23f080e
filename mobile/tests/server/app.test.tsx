import { fireEvent, render, screen } from '@testing-library/react';
import { expect, inject, test } from 'vitest';

import { App } from '../../example/App';
import { sheetFor } from '../support/sheet';
import { chooseTime } from '../support/choose';
import { CUSTOMERS, PASSWORD } from './support/house';
import { sandbox } from './support/sandbox';

const WHO = 'E-mail address or user name';
const tap = async (name: string | RegExp) => fireEvent.click(await screen.findByRole('button', { name }));
const says = (words: string | RegExp) => screen.findByText(words, undefined);

test('the example app: sign in, book a free time, pay, move it, cancel, follow the refund', async () => {
  sheetFor(async (intent) => {
    await sandbox.pay(intent);
    return {};
  });
  render(<App baseUrl={inject('house').serverUrl} />);
  fireEvent.change(await screen.findByLabelText(WHO), { target: { value: CUSTOMERS[1] } });
  fireEvent.change(screen.getByLabelText('Password'), { target: { value: PASSWORD } });
  await tap('Sign in');

  await tap('Book');
  await tap('Deep clean, £45.00');
  await chooseTime(-1);
  await says(/^If you cancel until .* you get everything back/);
  await tap('Book and pay');

  await tap('Pay £45.00');
  await says(/^Paid\. Deep clean/);
  await tap('See my booking');
  await says(/^Full refund for/);

  await tap('Move this booking');
  await chooseTime(0);
  await says(/Same price\.$/);
  await tap('Move it');
  await says(/^Deep clean, .*: Confirmed$/);
  await tap('Back');
  await tap('Back');
  await tap(/^Deep clean, .*Confirmed$/);

  await tap('Cancel this booking');
  await says(/^You are cancelling .* before your appointment\./);
  await tap('Cancel and get £45.00 back');
  await says('Your booking is cancelled.');
  await says(/^£45\.00 was sent back to your card/);

  await tap('Back');
  await tap('Back');
  await screen.findByRole('button', { name: /Cancelled$/ });
  await tap('My account');
  await tap('Sign out');
  expect(await screen.findByLabelText(WHO)).toBeDefined();
});

test('a wrong password is refused in words', async () => {
  render(<App baseUrl={inject('house').serverUrl} />);
  fireEvent.change(await screen.findByLabelText(WHO), { target: { value: CUSTOMERS[1] } });
  fireEvent.change(screen.getByLabelText('Password'), { target: { value: 'wrong' } });
  await tap('Sign in');
  await says('The user name or the password is wrong.');
});
