import { act } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { useBooking, type RefundStatus } from '../src';
import { phoneWith } from './support/render';
import { booking, cutOff, json, problem, quote, refundStatus, scripted } from './support/scripted';

const REFERENCE = 'BK-7Q2M9XKT';
const BOOKING = `GET /booking/${REFERENCE}/`;
const QUOTE = `GET /booking/${REFERENCE}/cancel/`;
const CANCEL = `POST /booking/${REFERENCE}/cancel/`;
const REFUND = 'GET /payment/refund-status/';
const NOW = Date.parse('2026-11-30T12:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const tooLate = quote({ refund: { ...quote().refund, amount: 0, rule: 'too_late' } });
const pending = booking({ status: 'pending_payment', hold_expires_at: '2026-11-30T12:15:00Z' });
const cancelled = booking({ status: 'cancelled', cancelled_at: '2026-11-30T12:00:00Z' });
const onItsWay: Partial<RefundStatus> = { status: 'in_progress', message: '£45.00 is on its way to Stripe.' };

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const wait = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

/** React Native's AppState, as react-native-web has it from the page. */
function appIs(visibilityState: DocumentVisibilityState): void {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(visibilityState);
  document.dispatchEvent(new Event('visibilitychange'));
}

/** Answers with the server's clock as it stands, `aheadMs` before the device's. */
const quoted = (given = quote(), aheadMs = 0) => () =>
  json({ ...given, server_time: new Date(Date.now() + aheadMs).toISOString() })();

async function look(routes: Parameters<typeof scripted>[0]) {
  const server = scripted({
    [BOOKING]: json(booking()),
    [QUOTE]: quoted(),
    [REFUND]: json(refundStatus),
    ...routes,
  });
  const live = phoneWith(server.api).hook(() => useBooking(REFERENCE));
  await wait(50);
  return { ...server, live, now: () => live.result.current };
}

describe('the countdown', () => {
  test('runs on the server\'s clock, whatever the device says', async () => {
    const { now } = await look({ [QUOTE]: quoted(quote(), HOUR) });
    expect(now().countdown).toBe('Full refund for 12 h 59 min more');
  });

  test('goes down by the minute and never says more than there is', async () => {
    const { now } = await look({});
    expect(now().countdown).toBe('Full refund for 13 h 59 min more');
    await wait(MINUTE);
    expect(now().countdown).toBe('Full refund for 13 h 58 min more');
  });

  test('asks the server when it comes to its end, instead of deciding itself', async () => {
    const soon = quote({ refundable_until: '2026-11-30T12:00:30Z' });
    const { now, asked } = await look({ [QUOTE]: [quoted(soon), quoted(tooLate)] });
    expect(now().countdown).toBe('Full refund for less than a minute more');
    expect(asked(QUOTE)).toBe(1);
    await wait(30_000);
    expect(now()).toMatchObject({ countdown: 'Looking up what you would get back…', fullRefundFor: 0 });
    await wait(1_050);
    expect(asked(QUOTE)).toBe(2);
    expect(now()).toMatchObject({ countdown: null, fullRefundFor: null, quote: { refund: { amount: 0 } } });
  });

  test('is not there when no full refund can be lost', async () => {
    const { now } = await look({ [QUOTE]: quoted(tooLate) });
    expect(now().countdown).toBeNull();
  });
});

describe('polling', () => {
  test('backs off while nothing changes, and stops after half an hour', async () => {
    const { asked } = await look({ [BOOKING]: json(pending) });
    await wait(10_000);
    const early = asked(BOOKING);
    expect(early).toBeGreaterThanOrEqual(3);
    await wait(10 * MINUTE);
    expect(asked(BOOKING) - early).toBeLessThan(25);
    await wait(30 * MINUTE);
    const late = asked(BOOKING);
    await wait(HOUR);
    expect(asked(BOOKING)).toBe(late);
  });

  test('ends with a booking that changes no more', async () => {
    const { asked, now } = await look({ [BOOKING]: [json(pending), json(booking({ status: 'expired' }))] });
    await wait(2_000);
    expect(now().booking?.status).toBe('expired');
    await wait(10 * MINUTE);
    expect(asked(BOOKING)).toBe(2);
    expect(now().quote).toBeUndefined();
  });

  test('rests while the app is in the background', async () => {
    const { asked } = await look({ [BOOKING]: json(pending) });
    act(() => appIs('hidden'));
    await wait(5 * MINUTE);
    expect(asked(BOOKING)).toBe(1);
    act(() => appIs('visible'));
    await wait(0);
    expect(asked(BOOKING)).toBe(2);
  });

  test('goes on when the network is gone for a while, and keeps what it knew', async () => {
    const { now } = await look({ [BOOKING]: [json(pending), cutOff, cutOff, cutOff, json(booking())] });
    await wait(3_300);
    expect(now()).toMatchObject({ booking: { status: 'pending_payment' }, error: { name: 'Unreachable' } });
    await wait(MINUTE);
    expect(now()).toMatchObject({ booking: { status: 'confirmed' }, error: null });
  });

  test('ends when the booking is not this customer\'s', async () => {
    const { asked, now } = await look({ [BOOKING]: problem(404, 'not_found') });
    expect(now().error).toMatchObject({ code: 'not_found' });
    await wait(10 * MINUTE);
    expect(asked(BOOKING)).toBe(1);
  });

  test('follows the refund until it was sent, in the server\'s words', async () => {
    const sent = { status: 'succeeded', message: '£45.00 was sent back to your card on 30 November.' };
    const refunds = [json({ ...refundStatus, ...onItsWay }), json({ ...refundStatus, ...sent })];
    const { now, asked } = await look({ [BOOKING]: json(cancelled), [REFUND]: refunds });
    expect(now().refund?.message).toBe(onItsWay.message);
    await wait(2_000);
    expect(now().refund?.message).toBe(sent.message);
    await wait(10 * MINUTE);
    expect(asked(REFUND)).toBe(2);
  });
});

describe('cancelling', () => {
  test('without an answer waits and asks again until there is one', async () => {
    const answer = json({ booking: cancelled, refund: {} });
    const { now, asked } = await look({ [CANCEL]: [...Array(7).fill(cutOff), answer] });
    act(() => now().cancellation.cancel(quote()));
    await wait(2_000);
    expect(now().cancellation.status).toBe('waiting');
    await wait(MINUTE);
    expect(now().cancellation.status).toBe('cancelled');
    expect(asked(CANCEL)).toBe(8);
  });

  test('sends what was on the screen, not what is known by now', async () => {
    const { now, requests } = await look({ [QUOTE]: quoted(tooLate), [CANCEL]: problem(409, 'refund_changed') });
    act(() => now().cancellation.cancel(quote()));
    await wait(0);
    const sent = requests.find(({ method }) => method === 'POST');
    expect(await sent?.json()).toMatchObject({ expected_refund: 4500 });
  });

  test('that is refused is told in the server\'s words, and can be tried again', async () => {
    const { now, asked } = await look({ [CANCEL]: problem(409, 'already_started') });
    act(() => now().cancellation.cancel(quote()));
    await wait(0);
    expect(now().cancellation).toMatchObject({ status: 'refused', error: { code: 'already_started' } });
    act(() => now().cancellation.cancel(quote()));
    await wait(0);
    expect(asked(CANCEL)).toBe(2);
  });

  test('tapped twice is asked once', async () => {
    const { now, asked } = await look({
      [BOOKING]: [json(booking()), json(cancelled)],
      [CANCEL]: json({ booking: cancelled, refund: {} }),
    });
    act(() => {
      now().cancellation.cancel(quote());
      now().cancellation.cancel(quote());
    });
    await wait(0);
    expect(asked(CANCEL)).toBe(1);
    expect(now()).toMatchObject({ booking: { status: 'cancelled' }, cancellation: { status: 'cancelled' } });
  });
});
