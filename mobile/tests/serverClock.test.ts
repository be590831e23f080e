import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { ServerClock } from '../src';
import { booking, json, quote, scripted } from './support/scripted';

const DEVICE = Date.parse('2026-11-30T12:00:00Z');
const MINUTE = 60_000;

beforeEach(() => {
  vi.useFakeTimers({ now: DEVICE });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the server\'s clock', () => {
  test('is the device\'s while no answer came', () => {
    expect(new ServerClock().now()).toBe(DEVICE);
  });

  test('is in the middle of the round trip', () => {
    const clock = new ServerClock();
    clock.learn(DEVICE + 3 * MINUTE, { sent: DEVICE - 100, received: DEVICE + 300 });
    expect(clock.difference).toBe(3 * MINUTE - 100);
  });

  test('gets better with every answer, and no worse by a slow one', () => {
    const clock = new ServerClock();
    clock.learn(DEVICE + 500, { sent: DEVICE - 4_000, received: DEVICE + 4_000 });
    clock.learn(DEVICE + 500, { sent: DEVICE - 10, received: DEVICE + 10 });
    clock.learn(DEVICE, { sent: DEVICE - 9_000, received: DEVICE + 9_000 });
    expect(clock.difference).toBe(500);
  });

  test('believes the newer answer when the device\'s clock was set', () => {
    const clock = new ServerClock();
    clock.learn(DEVICE, { sent: DEVICE - 10, received: DEVICE + 10 });
    clock.learn(DEVICE - 60 * MINUTE, { sent: DEVICE - 10, received: DEVICE + 10 });
    expect(clock.difference).toBe(-60 * MINUTE);
  });

  test('is learnt from the Date of any answer, which is cut off to the second', async () => {
    const { api } = scripted({
      'GET /booking/BK-7Q2M9XKT/': json(booking(), 200, { Date: 'Mon, 30 Nov 2026 12:05:00 GMT' }),
    });
    await api.booking('BK-7Q2M9XKT');
    expect(api.clock.difference).toBe(5 * MINUTE + 500);
  });

  test('is learnt exactly from a quote', async () => {
    const { api } = scripted({
      'GET /booking/BK-7Q2M9XKT/cancel/': json(quote({ server_time: '2026-11-30T11:58:00.250Z' })),
    });
    await api.quote('BK-7Q2M9XKT');
    expect(api.clock.difference).toBe(-2 * MINUTE + 250);
  });

  test('is not upset by an answer without a time', () => {
    const clock = new ServerClock();
    clock.learn(Number.NaN, { sent: DEVICE, received: DEVICE });
    expect(clock.difference).toBe(0);
  });
});
