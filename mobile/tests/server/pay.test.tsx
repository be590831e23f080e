import { act, waitFor } from '@testing-library/react';
import { beforeAll, describe, expect, test } from 'vitest';

import { usePayment, type BookingApi } from '../../src';
import { phoneWith } from '../support/render';
import { canceled, failed, sheetFor } from '../support/sheet';
import { presentPaymentSheet } from '../support/stripe';
import { reaches, readyAfter, tapPay } from './support/act';
import { held, signedIn } from './support/customer';
import { sandbox } from './support/sandbox';

let api: BookingApi;
beforeAll(async () => {
  api = await signedIn();
});

const payCard = async (intent: string) => {
  await sandbox.pay(intent);
  return {};
};

async function paymentOf(reference: string) {
  return phoneWith(api).hook(() => usePayment(reference));
}

describe('paying', () => {
  test('ends in paid, and the server has confirmed the booking', async () => {
    const { reference } = await held(api);
    sheetFor(payCard);
    const payment = await paymentOf(reference);

    await tapPay(payment);
    await reaches(payment, 'paid');

    expect(payment.result.current).toMatchObject({ booking: { reference, status: 'confirmed' } });
    expect(await api.booking(reference)).toMatchObject({ status: 'confirmed', amount: 4500 });
  });

  test('a declined card pays nothing, and another one pays the same PaymentIntent', async () => {
    const { reference } = await held(api);
    sheetFor(async (intent) => {
      await sandbox.pay(intent, 'pm_card_visa_chargeDeclined');
      return failed('Your card was declined.');
    });
    const payment = await paymentOf(reference);

    await tapPay(payment);
    await readyAfter(payment, { is: 'failed', message: 'Your card was declined.' });
    expect((await api.booking(reference)).status).toBe('pending_payment');

    sheetFor(payCard);
    await act(() => payment.result.current.retry());
    await tapPay(payment);
    await reaches(payment, 'paid');
    expect(await sandbox.intentsOf(reference)).toHaveLength(1);
  });

  test('a double tap opens one sheet and pays one PaymentIntent', async () => {
    const { reference } = await held(api);
    sheetFor(payCard);
    const onTwoScreens = phoneWith(api).hook(() => [usePayment(reference), usePayment(reference)] as const);
    await waitFor(() => expect(onTwoScreens.result.current[1].status).toBe('ready'));

    await act(async () => {
      const [one, other] = onTwoScreens.result.current;
      await Promise.all([one.openPaymentSheet(), one.openPaymentSheet(), other.openPaymentSheet()]);
    });

    await waitFor(() => expect(onTwoScreens.result.current[1].status).toBe('paid'));
    expect(presentPaymentSheet).toHaveBeenCalledTimes(1);
    expect(await sandbox.intentsOf(reference)).toEqual([expect.objectContaining({ status: 'succeeded' })]);
  });

  test('two bookings on the phone: each sheet pays its own', async () => {
    const [first, second] = [await held(api), await held(api)];
    sheetFor(payCard);
    const phone = phoneWith(api);
    const one = phone.hook(() => usePayment(first.reference));
    await reaches(one, 'ready');
    const other = phone.hook(() => usePayment(second.reference));
    await reaches(other, 'ready');

    await tapPay(one);
    await reaches(one, 'paid');

    expect((await api.booking(first.reference)).status).toBe('confirmed');
    expect((await api.booking(second.reference)).status).toBe('pending_payment');
  });
});

describe('3-D Secure', () => {
  test('"Canceled" although it was paid is paid', async () => {
    const { reference } = await held(api);
    sheetFor(async (intent) => {
      await sandbox.pay(intent, 'pm_card_authenticationRequired');
      await sandbox.authenticate(intent);
      return canceled;
    });
    const payment = await paymentOf(reference);

    await tapPay(payment);
    await reaches(payment, 'paid');
  });

  test('"Canceled" a moment before the bank says yes turns into paid by itself', async () => {
    const { reference } = await held(api);
    let intent = '';
    sheetFor(async (asked) => {
      intent = asked;
      await sandbox.pay(intent, 'pm_card_authenticationRequired');
      return canceled;
    });
    const payment = await paymentOf(reference);
    await tapPay(payment);
    await readyAfter(payment, { is: 'canceled' });

    await sandbox.authenticate(intent);
    await reaches(payment, 'paid');
  });
});
