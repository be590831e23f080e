import { act, waitFor } from '@testing-library/react';
import { afterEach, beforeAll, expect, inject, test } from 'vitest';

import { usePayment, type BookingApi } from '../../src';
import { phoneWith } from '../support/render';
import { sheetFor } from '../support/sheet';
import { presentPaymentSheet } from '../support/stripe';
import { reaches, tapPay } from './support/act';
import { held, signedIn } from './support/customer';
import { startServer } from './support/house';
import { sandbox } from './support/sandbox';

let api: BookingApi;
beforeAll(async () => {
  api = await signedIn();
});
afterEach(async () => {
  await sandbox.recover();
  await sandbox.pauseWebhooks(false);
});

const never = new Promise<never>(() => undefined);

test('a late webhook keeps nobody waiting: the server asks Stripe itself', async () => {
  const { reference } = await held(api);
  await sandbox.pauseWebhooks(true);
  sheetFor(async (intent) => {
    await sandbox.pay(intent);
    return {};
  });
  const payment = phoneWith(api).hook(() => usePayment(reference));

  await tapPay(payment);
  await reaches(payment, 'paid');
});

test('paid while neither webhook nor Stripe reaches the server: it is said to be open until it does', async () => {
  const { reference } = await held(api);
  sheetFor(async (intent) => {
    await sandbox.pauseWebhooks(true);
    await sandbox.pay(intent);
    await sandbox.outage();
    return {};
  });
  const payment = phoneWith(api).hook(() => usePayment(reference));

  await tapPay(payment);
  await waitFor(async () => expect(await sandbox.refusedByOutage()).toBeGreaterThan(3));
  expect(payment.result.current.status).toBe('confirming');
  expect((await api.booking(reference)).status).toBe('pending_payment');

  await sandbox.recover();
  await reaches(payment, 'paid');
});

test('the app was closed while the sheet was open: started again it finds the payment', async () => {
  const { reference } = await held(api);
  sheetFor(async (intent) => {
    await sandbox.pauseWebhooks(true);
    await sandbox.pay(intent);
    return never;
  });
  const before = phoneWith(api).hook(() => usePayment(reference));
  await tapPay(before);
  await reaches(before, 'presenting');
  await waitFor(async () => expect(await sandbox.intentsOf(reference)).toMatchObject([{ status: 'succeeded' }]));
  before.unmount();

  const after = phoneWith(await signedIn()).hook(() => usePayment(reference));
  await reaches(after, 'paid');
  expect(presentPaymentSheet).toHaveBeenCalledTimes(1);
});

test('the app was closed before the card was entered: started again the same PaymentIntent is paid', async () => {
  const { reference } = await held(api);
  sheetFor(() => never);
  const before = phoneWith(api).hook(() => usePayment(reference));
  await tapPay(before);
  before.unmount();

  sheetFor(async (intent) => {
    await sandbox.pay(intent);
    return {};
  });
  const after = phoneWith(await signedIn()).hook(() => usePayment(reference));
  await tapPay(after);
  await reaches(after, 'paid');
  expect(await sandbox.intentsOf(reference)).toHaveLength(1);
});

test('the server goes down after the payment: it is asked until it is back', async () => {
  const { python, env } = inject('house');
  const server = await startServer(python, env);
  const shaky = await signedIn(server.ready);
  const { reference } = await held(shaky);
  sheetFor(async (intent) => {
    await server.stop();
    await sandbox.pay(intent);
    return {};
  });
  const payment = phoneWith(shaky).hook(() => usePayment(reference));
  await tapPay(payment);
  await waitFor(() => expect(payment.result.current).toMatchObject({ status: 'confirming', reachable: false }));

  const back = await act(() => startServer(python, env, { bind: new URL(server.ready).host }));
  await reaches(payment, 'paid');
  await back.stop();
});
