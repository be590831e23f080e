import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { ApiError, BookingApi, RefundChanged, Unreachable } from '../src';
import { booking, cutOff, json, problem, quote, scripted } from './support/scripted';

const REFERENCE = 'BK-7Q2M9XKT';
const BOOKING = `GET /booking/${REFERENCE}/`;
const CANCEL = `POST /booking/${REFERENCE}/cancel/`;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** The error of a call, with all pauses taken. */
async function errorOf(call: Promise<unknown>): Promise<Error> {
  const caught = call.then(
    () => new Error('It should have failed.'),
    (error: Error) => error,
  );
  await vi.runAllTimersAsync();
  return caught;
}

describe('requests', () => {
  test('are signed with the customer\'s token', async () => {
    const { api, requests } = scripted({ [BOOKING]: json(booking()) });
    expect(await api.booking(REFERENCE)).toEqual(booking());
    expect(requests[0]?.headers.get('Authorization')).toBe('Token secret');
  });

  test('name the refund that the customer was shown when they cancel', async () => {
    const { api, requests } = scripted({ [CANCEL]: json({}) });
    await api.cancel(REFERENCE, { expectedRefund: 4500, reason: 'ill' });
    expect(await requests[0]?.json()).toEqual({ expected_refund: 4500, reason: 'ill' });
  });

  test('for a list hand out the cursor of the next page, and take it', async () => {
    const next = 'https://bookings.example.com/api/v1/booking/?cursor=cD0%2B1%3D&limit=20';
    const { api, requests } = scripted({ 'GET /booking/': json({ next, previous: null, results: [booking()] }) });
    const page = await api.bookings();
    expect(page).toEqual({ items: [booking()], next: 'cD0+1=' });
    await api.bookings({ cursor: page.next ?? '' });
    expect(new URL(requests[1]?.url ?? '').searchParams.get('cursor')).toBe('cD0+1=');
  });

  test('tell the app when its token is no longer good', async () => {
    const onSignedOut = vi.fn();
    const refuse = async () => problem(401, 'invalid_token')();
    const api = new BookingApi({ baseUrl: 'https://x.example', token: () => 'old', onSignedOut, fetch: refuse });
    expect(await errorOf(api.booking(REFERENCE))).toMatchObject({ status: 401, code: 'invalid_token' });
    expect(onSignedOut).toHaveBeenCalledOnce();
  });
});

describe('errors', () => {
  test('of the server keep its code, its words and its fields', async () => {
    const errors = [{ field: 'starts_at', code: 'naive', detail: 'Give the time with its offset.' }];
    const { api } = scripted({ 'POST /booking/': problem(400, 'invalid', { errors }) });
    const error = await errorOf(api.createBooking(1, '2026-12-01T14:00:00'));
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ code: 'invalid', status: 400, problem: { errors }, message: 'Said no: invalid' });
  });

  test('of a changed refund carry the new quote', async () => {
    const changed = quote({ refund: { ...quote().refund, amount: 0, rule: 'too_late' } });
    const { api, asked } = scripted({ [CANCEL]: problem(409, 'refund_changed', { quote: changed }) });
    const error = await errorOf(api.cancel(REFERENCE, { expectedRefund: 4500 }));
    expect(error).toBeInstanceOf(RefundChanged);
    expect(error).toMatchObject({ quote: changed });
    expect(asked(CANCEL)).toBe(1);
  });

  test('of a proxy are told by their status', async () => {
    const page = () => new Response('<html>Bad gateway</html>', { status: 502 });
    const { api } = scripted({ [BOOKING]: page });
    expect(await errorOf(api.booking(REFERENCE))).toMatchObject({ code: 'unreadable', status: 502 });
  });
});

describe('repeating', () => {
  test('gets over a moment without network, with the same request', async () => {
    const { api, asked } = scripted({ [BOOKING]: [cutOff, cutOff, json(booking())] });
    const call = api.booking(REFERENCE);
    await vi.runAllTimersAsync();
    expect((await call).reference).toBe(REFERENCE);
    expect(asked(BOOKING)).toBe(3);
  });

  test('ends: then what happened is not known', async () => {
    const { api, asked } = scripted({ 'POST /payment/': cutOff });
    expect(await errorOf(api.paymentSheet(REFERENCE))).toBeInstanceOf(Unreachable);
    expect(asked('POST /payment/')).toBe(3);
  });

  test('half an answer is no answer', async () => {
    const { api } = scripted({ [CANCEL]: () => new Response('{"booking": {"refer', { status: 200 }) });
    expect(await errorOf(api.cancel(REFERENCE, { expectedRefund: 4500 }))).toBeInstanceOf(Unreachable);
  });

  test('a server that never answers is given up after the time-out', async () => {
    const hanging = (request: Request) =>
      new Promise<Response>((_, reject) => request.signal.addEventListener('abort', () => reject(new Error('aborted'))));
    const api = new BookingApi({ baseUrl: 'https://x.example', token: () => null, fetch: hanging, timeoutMs: 1000 });
    expect(await errorOf(api.booking(REFERENCE))).toBeInstanceOf(Unreachable);
  });

  test('waits as long as the server asks', async () => {
    const busy = problem(503, 'stripe_unavailable', {}, { 'Retry-After': '4' });
    const { api, asked } = scripted({ [BOOKING]: [busy, json(booking())] });
    const call = api.booking(REFERENCE);
    await vi.advanceTimersByTimeAsync(3_900);
    expect(asked(BOOKING)).toBe(1);
    await vi.advanceTimersByTimeAsync(200);
    expect((await call).status).toBe('confirmed');
  });

  test('leaves a long wait to the caller', async () => {
    const busy = problem(429, 'throttled', {}, { 'Retry-After': '50' });
    const { api, asked } = scripted({ [BOOKING]: busy });
    expect(await errorOf(api.booking(REFERENCE))).toMatchObject({ retryAfterSeconds: 50 });
    expect(asked(BOOKING)).toBe(1);
  });

  test('is not for a no, nor for signing in', async () => {
    const { api, asked } = scripted({ [BOOKING]: problem(409, 'slot_taken'), 'POST /auth/token/': cutOff });
    await errorOf(api.booking(REFERENCE));
    await errorOf(api.signIn('ada', 'secret'));
    expect(asked(BOOKING)).toBe(1);
    expect(asked('POST /auth/token/')).toBe(1);
  });
});

test('the payment sheet is asked for with the id of this installation', async () => {
  const { api, requests } = scripted({ 'POST /payment/': json({}) });
  await api.paymentSheet(REFERENCE);
  expect(await requests[0]?.json()).toEqual({ booking_reference: REFERENCE, install_id: 'install-of-the-tests' });
});
