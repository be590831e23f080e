import { dehydrate, hydrate, onlineManager, QueryClient, type DehydratedState } from '@tanstack/react-query';
import { act, waitFor } from '@testing-library/react';
import { beforeAll, expect, test } from 'vitest';

import { useBooking, type BookingApi, type LiveBooking, type Quote } from '../../src';
import { phoneWith } from '../support/render';
import { held, signedIn } from './support/customer';
import { sandbox } from './support/sandbox';

const HOUR = 3_600_000;

let api: BookingApi;
beforeAll(async () => {
  api = await signedIn();
});

async function confirmed(inMs?: number) {
  const { reference } = await held(api, inMs);
  const intent = (await api.paymentSheet(reference)).paymentIntent.split('_secret_')[0] ?? '';
  await sandbox.pay(intent);
  await waitFor(async () => expect((await api.booking(reference)).status).toBe('confirmed'));
  return { reference, intent };
}

interface Rendered {
  result: { current: LiveBooking };
}

async function quoteOf(live: Rendered): Promise<Quote> {
  await waitFor(() => expect(live.result.current.quote).toBeDefined());
  return live.result.current.quote as Quote;
}

function cancel(live: Rendered, quote: Quote): void {
  act(() => live.result.current.cancellation.cancel(quote));
}

async function becomes(live: Rendered, status: LiveBooking['cancellation']['status']): Promise<void> {
  await waitFor(() => expect(live.result.current.cancellation.status).toBe(status));
}

test('in time: everything back, told in the words of the server until it was sent', async () => {
  const { reference, intent } = await confirmed();
  const live = phoneWith(api).hook(() => useBooking(reference));
  const quote = await quoteOf(live);
  expect(quote.refund).toMatchObject({ amount: 4500, rule: 'in_time' });
  expect(live.result.current.countdown).toMatch(/^Full refund for \d+ h( \d+ min)? more$/);

  act(() => {
    live.result.current.cancellation.cancel(quote);
    live.result.current.cancellation.cancel(quote);
  });
  await becomes(live, 'cancelled');
  expect(live.result.current.booking?.status).toBe('cancelled');

  await waitFor(() => expect(live.result.current.refund?.status).toBe('succeeded'));
  expect(live.result.current.refund?.message).toMatch(/^£45\.00 was sent back to your card/);
  expect(live.result.current.countdown).toBeNull();
  expect(await sandbox.refundsOf(intent)).toHaveLength(1);
});

test('at the edge: the refund changed under the thumb, nothing is cancelled until the new quote is seen', async () => {
  const { reference } = await confirmed(12 * HOUR + 8_000);
  const live = phoneWith(api).hook(() => useBooking(reference));
  const seen = await quoteOf(live);
  expect(seen.refund.amount).toBe(4500);
  const ruleNow = async () => (await api.quote(reference)).refund.rule;
  await waitFor(async () => expect(await ruleNow()).toBe('too_late'), { interval: 200 });

  cancel(live, seen);
  await becomes(live, 'refund_changed');
  expect(live.result.current.cancellation).toMatchObject({ quote: { refund: { amount: 0, rule: 'too_late' } } });
  expect(live.result.current.quote?.refund.amount).toBe(0);
  expect((await api.booking(reference)).status).toBe('confirmed');

  cancel(live, await quoteOf(live));
  await becomes(live, 'cancelled');
  await waitFor(() => expect(live.result.current.refund?.status).toBe('not_due'));
});

test('offline: it waits and is sent when the phone is back', async () => {
  const { reference } = await confirmed();
  const live = phoneWith(api).hook(() => useBooking(reference));
  const quote = await quoteOf(live);

  onlineManager.setOnline(false);
  cancel(live, quote);
  await becomes(live, 'waiting');
  expect((await api.booking(reference)).status).toBe('confirmed');

  act(() => onlineManager.setOnline(true));
  await becomes(live, 'cancelled');
});

test('cancelled, but the answer was lost: asked again it is the same cancellation and one refund', async () => {
  const { reference, intent } = await confirmed();
  const quote = await api.quote(reference);
  const first = await api.cancel(reference, { expectedRefund: quote.refund.amount });
  const again = await api.cancel(reference, { expectedRefund: quote.refund.amount });

  expect(again.refund.id).toBe(first.refund.id);
  await waitFor(async () => expect(await sandbox.refundsOf(intent)).toHaveLength(1));
});

test('the app was closed while offline: a cancellation that it kept goes on after the start', async () => {
  const { reference } = await confirmed();
  const before = phoneWith(api);
  const live = before.hook(() => useBooking(reference));
  const quote = await quoteOf(live);
  onlineManager.setOnline(false);
  cancel(live, quote);
  await becomes(live, 'waiting');
  const kept = JSON.parse(JSON.stringify(dehydrate(before.queryClient))) as DehydratedState;
  live.unmount();
  before.queryClient.clear();

  const queryClient = new QueryClient();
  const after = phoneWith(api, queryClient);
  const again = after.hook(() => useBooking(reference));
  act(() => hydrate(queryClient, kept));
  await becomes(again, 'waiting');
  await act(async () => {
    onlineManager.setOnline(true);
    await queryClient.resumePausedMutations();
  });
  await becomes(again, 'cancelled');
  expect((await api.booking(reference)).status).toBe('cancelled');
});
