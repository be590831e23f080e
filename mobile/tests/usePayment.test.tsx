import { act } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { usePayment, type Payment } from '../src';
import { PAYMENT_SHEET, phoneWith } from './support/render';
import { booking, cutOff, json, problem, scripted, sheet } from './support/scripted';
import { canceled, sheetFor } from './support/sheet';
import { initPaymentSheet, initStripe, PaymentSheetError, presentPaymentSheet } from './support/stripe';

const REFERENCE = 'BK-7Q2M9XKT';
const SHEET = 'POST /payment/';
const BOOKING = `GET /booking/${REFERENCE}/`;
const pending = json(booking({ status: 'pending_payment', hold_expires_at: '2026-11-23T08:15:00Z' }));
const paid = problem(409, 'already_paid');

beforeEach(() => {
  vi.useFakeTimers();
  sheetFor(() => ({}));
});
afterEach(() => {
  vi.useRealTimers();
});

const wait = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

async function payFor(routes: Parameters<typeof scripted>[0]) {
  const server = scripted(routes);
  const payment = phoneWith(server.api).hook(() => usePayment(REFERENCE));
  await wait(0);
  return { ...server, payment, now: () => payment.result.current };
}

async function tap(payment: { result: { current: ReturnType<typeof usePayment> } }) {
  act(() => void payment.result.current.openPaymentSheet());
  await wait(0);
}

describe('before the sheet', () => {
  test('it is set up with what the server says, and no payment that settles days later', async () => {
    await payFor({ [SHEET]: json(sheet) });
    expect(initStripe).toHaveBeenCalledWith({ publishableKey: 'pk_test_1' });
    expect(initPaymentSheet).toHaveBeenCalledExactlyOnceWith({
      ...PAYMENT_SHEET,
      customerId: 'cus_1',
      customerSessionClientSecret: 'cuss_1',
      paymentIntentClientSecret: 'pi_1_secret_2',
      allowsDelayedPaymentMethods: false,
    });
  });

  test('an ephemeral key is taken instead of a customer session', async () => {
    const { customerSessionClientSecret: _, ...older } = sheet;
    await payFor({ [SHEET]: json({ ...older, ephemeralKey: 'ek_1' }) });
    const given = initPaymentSheet.mock.calls[0]?.[0];
    expect(given).toMatchObject({ customerEphemeralKeySecret: 'ek_1' });
    expect(given).not.toHaveProperty('customerSessionClientSecret');
  });

  test('a paid booking is paid, and no sheet is set up', async () => {
    const { now } = await payFor({ [SHEET]: paid, [BOOKING]: json(booking()) });
    expect(now()).toMatchObject({ status: 'paid', booking: { reference: REFERENCE } });
    expect(initPaymentSheet).not.toHaveBeenCalled();
  });

  test('a cancelled booking is closed', async () => {
    const cancelled = json(booking({ status: 'cancelled' }));
    const { now } = await payFor({ [SHEET]: problem(409, 'not_payable'), [BOOKING]: cancelled });
    expect(now().status).toBe('closed');
  });

  test('without a server nothing can be paid, and trying again helps', async () => {
    const { now } = await payFor({ [SHEET]: [cutOff, cutOff, cutOff, json(sheet)] });
    await wait(2_000);
    expect(now()).toMatchObject({ status: 'unavailable', error: { name: 'Unreachable' } });
    await act(() => now().retry());
    expect(now().status).toBe('ready');
  });

  test('a payment that the server refuses is told in its words', async () => {
    const { now } = await payFor({ [SHEET]: problem(409, 'not_payable'), [BOOKING]: pending });
    expect(now()).toMatchObject({ status: 'unavailable', error: { code: 'not_payable' } });
  });

  test('a sheet that can\'t be set up is told', async () => {
    const error = { code: PaymentSheetError.Failed, message: 'No such payment_intent' };
    initPaymentSheet.mockResolvedValueOnce({ error } as never);
    const { now } = await payFor({ [SHEET]: json(sheet) });
    expect(now()).toMatchObject({ status: 'unavailable', error: { message: 'No such payment_intent' } });
  });

  test('the time to pay ran out, but it may have been paid: asked until the server has decided', async () => {
    const bookings = [pending, pending, json(booking({ status: 'expired' }))];
    const { now } = await payFor({ [SHEET]: problem(409, 'hold_expired'), [BOOKING]: bookings });
    expect(now()).toMatchObject({ status: 'confirming', reachable: true });
    await wait(3_000);
    expect(now().status).toBe('closed');
  });
});

describe('after the sheet', () => {
  test('tapped twice it was opened once', async () => {
    const { payment } = await payFor({ [SHEET]: json(sheet) });
    act(() => {
      void payment.result.current.openPaymentSheet();
      void payment.result.current.openPaymentSheet();
    });
    await wait(0);
    expect(presentPaymentSheet).toHaveBeenCalledOnce();
  });

  test('what Stripe\'s sheet completed is not paid, nor payable again, before the server says so', async () => {
    const routes = { [SHEET]: [json(sheet), json(sheet), json(sheet), paid], [BOOKING]: json(booking()) };
    const { payment, now } = await payFor(routes);
    await tap(payment);
    expect(now().status).toBe('confirming');
    await wait(1_000);
    expect(now().status).toBe('confirming');
    await wait(2_000);
    expect(now().status).toBe('paid');
    expect(presentPaymentSheet).toHaveBeenCalledOnce();
  });

  test('that holds when its screen is left and opened again', async () => {
    const seen: { current?: Payment } = {};
    const PayScreen = () => {
      seen.current = usePayment(REFERENCE);
      return null;
    };
    const phone = phoneWith(scripted({ [SHEET]: json(sheet) }).api).screen(<PayScreen />);
    await wait(0);
    act(() => void seen.current?.openPaymentSheet());
    await wait(0);
    phone.rerender(<></>);
    await wait(60_000);
    phone.rerender(<PayScreen />);
    await wait(5_000);
    expect(seen.current?.status).toBe('confirming');
  });

  test('pauses grow to half a minute, and end with the screen', async () => {
    const { payment, asked } = await payFor({ [SHEET]: json(sheet) });
    await tap(payment);
    await wait(60_000);
    expect(asked(SHEET)).toBe(8);
    payment.unmount();
    await wait(600_000);
    expect(asked(SHEET)).toBe(8);
  });

  test('without network it is said that nobody knows, until somebody does', async () => {
    const routes = { [SHEET]: [json(sheet), cutOff, cutOff, cutOff, paid], [BOOKING]: json(booking()) };
    const { payment, now } = await payFor(routes);
    await tap(payment);
    await wait(1_500);
    expect(now()).toMatchObject({ status: 'confirming', reachable: false });
    await wait(2_000);
    expect(now().status).toBe('paid');
  });

  test('signed out meanwhile: told, and asked again after signing in', async () => {
    const answers = [json(sheet), problem(401, 'invalid_token'), paid];
    const { payment, now } = await payFor({ [SHEET]: answers, [BOOKING]: json(booking()) });
    await tap(payment);
    expect(now()).toMatchObject({ status: 'unavailable', error: { code: 'invalid_token' } });
    await act(() => now().retry());
    expect(now().status).toBe('paid');
  });

  test('a cancelled sheet may be opened again, and a payment that came late ends that', async () => {
    sheetFor(() => canceled);
    const { payment, now } = await payFor({ [SHEET]: json(sheet), [BOOKING]: [pending, json(booking())] });
    await tap(payment);
    expect(now()).toMatchObject({ status: 'ready', outcome: { is: 'canceled' } });
    await wait(2_000);
    expect(now().status).toBe('ready');
    await wait(4_000);
    expect(now().status).toBe('paid');
  });

  test('a native module that throws is a failed sheet', async () => {
    presentPaymentSheet.mockRejectedValueOnce(new Error('No Activity'));
    const { payment, now } = await payFor({ [SHEET]: json(sheet), [BOOKING]: pending });
    await tap(payment);
    expect(now()).toMatchObject({ status: 'ready', outcome: { is: 'failed', message: 'No Activity' } });
  });
});
