import { onlineManager } from '@tanstack/react-query';
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { beforeEach, describe, expect, test, vi } from 'vitest';

import { BookingScreen } from '../example/screens/BookingScreen';
import { BookingsScreen } from '../example/screens/BookingsScreen';
import { BookScreen } from '../example/screens/BookScreen';
import { CancelScreen } from '../example/screens/CancelScreen';
import { MoveScreen } from '../example/screens/MoveScreen';
import { PayScreen } from '../example/screens/PayScreen';
import { chooseTime } from './support/choose';
import { phoneWith } from './support/render';
import { booking, json, notFound, problem, quote, refundStatus, scripted, sheet } from './support/scripted';
import { canceled, failed, sheetFor } from './support/sheet';

const REFERENCE = 'BK-7Q2M9XKT';
const SHEET = 'POST /payment/';
const BOOKING = `GET /booking/${REFERENCE}/`;
const QUOTE = `GET /booking/${REFERENCE}/cancel/`;
const CANCEL = `POST /booking/${REFERENCE}/cancel/`;
const REFUND = 'GET /payment/refund-status/';
const LIVE = { [BOOKING]: json(booking()), [QUOTE]: json(quote()), [REFUND]: json(refundStatus) };
const SLOTS = 'GET /service/1/slots/';
const MOVE = `/booking/${REFERENCE}/move/`;
const service = {
  id: 1, name: 'Deep clean', duration_minutes: 90, price: 4500, currency: 'gbp', capacity: 1, refund_notice_hours: 12,
  resources: [],
};
const free = {
  service: 1,
  time_zone: 'Europe/London',
  days: [
    { date: '2026-12-01', why_none: 'closed', slots: [] },
    {
      date: '2026-12-02',
      why_none: null,
      slots: [
        { starts_at: '2026-12-02T14:00:00Z', ends_at: '2026-12-02T15:30:00Z', local: '2026-12-02T14:00', resources: [1], places: 1 },
      ],
    },
  ],
};
const there = {
  movable: true,
  code: null,
  starts_at: '2026-12-02T14:00:00Z',
  ends_at: '2026-12-02T15:30:00Z',
  refundable_until: '2026-12-02T02:00:00Z',
  server_time: '2026-11-30T12:00:00Z',
};
const cancelled = booking({ status: 'cancelled', cancelled_at: '2026-11-30T12:00:00Z' });

const nothing = () => undefined;
const button = (name: string | RegExp) => screen.findByRole('button', { name });
const tap = async (name: string | RegExp) => fireEvent.click(await button(name));
const says = (words: string | RegExp) => screen.findByText(words);

beforeEach(() => sheetFor(() => ({})));

describe('the pay screen', () => {
  const show = (routes: Parameters<typeof scripted>[0]) =>
    phoneWith(scripted(routes).api).screen(<PayScreen reference={REFERENCE} onDone={nothing} />);

  test('says that nothing was paid when the sheet was closed', async () => {
    sheetFor(() => canceled);
    show({ [SHEET]: json(sheet), [BOOKING]: json(booking({ status: 'pending_payment' })) });
    await tap('Pay £45.00');
    await says('You have not paid.');
    await button('Pay £45.00');
  });

  test('shows the bank\'s words when the card was declined', async () => {
    sheetFor(() => failed('Your card was declined.'));
    show({ [SHEET]: json(sheet), [BOOKING]: json(booking({ status: 'pending_payment' })) });
    await tap('Pay £45.00');
    await says('Your card was declined.');
  });

  test('offers no payment while it is not known whether there was one', async () => {
    show({ [SHEET]: json(sheet) });
    await tap('Pay £45.00');
    await says('Asking whether your payment arrived. You need do nothing.');
    expect(screen.queryByRole('button', { name: /Pay/ })).toBeNull();
  });

  test('says when the time to pay has run out', async () => {
    show({ [SHEET]: problem(409, 'hold_expired'), [BOOKING]: json(booking({ status: 'expired' })) });
    await says(/^This booking can't be paid any more\. .*Not paid in time$/);
  });

  test('lets a customer try again when payments can\'t be taken', async () => {
    const busy = problem(503, 'stripe_unavailable', {}, { 'Retry-After': '60' });
    show({ [SHEET]: [busy, json(sheet)] });
    await says('Said no: stripe_unavailable');
    await tap('Try again');
    await button('Pay £45.00');
  });
});

describe('the book screen', () => {
  const show = (post: ReturnType<typeof json>, resources: object[] = [], onBooked = vi.fn()) => {
    const services = json({ results: [{ ...service, resources }], next: null, previous: null });
    const server = scripted({ 'GET /service/': services, [SLOTS]: json(free), 'POST /booking/': post });
    phoneWith(server.api).screen(<BookScreen onBooked={onBooked} onBack={nothing} />);
    return { ...server, onBooked };
  };

  test('books the chosen time, with its offset', async () => {
    const { onBooked, requests } = show(json(booking({ status: 'pending_payment' }), 201));
    await tap('Deep clean, £45.00');
    await chooseTime(0);
    await tap('Book and pay');
    await waitFor(() => expect(onBooked).toHaveBeenCalled());
    const sent = await requests.find(({ method }) => method === 'POST')?.json();
    expect(sent).toEqual({ service: 1, starts_at: '2026-12-02T14:00:00Z' });
  });

  const MIA = { id: 1, name: 'Mia' };
  const NOAH = { id: 3, name: 'Noah' };
  const queries = (requests: Request[]) =>
    requests.map(({ url }) => new URL(url)).filter(({ pathname }) => pathname.endsWith('/slots/'));

  test('asks with whom where several can do it, and books with that one', async () => {
    const { onBooked, requests } = show(json(booking({ status: 'pending_payment' }), 201), [MIA, NOAH]);
    await tap('Deep clean, £45.00');
    await says('With whom?');
    const names = (await screen.findAllByRole('button')).map((one) => one.textContent);
    expect(names).toEqual(['Back', 'Anyone', 'Mia', 'Noah']);
    await tap('Noah');
    await chooseTime(0);
    await says('With Noah');
    await tap('Book and pay');
    await waitFor(() => expect(onBooked).toHaveBeenCalled());
    expect(queries(requests).every(({ searchParams }) => searchParams.get('resource') === '3')).toBe(true);
    const sent = await requests.find(({ method }) => method === 'POST')?.json();
    expect(sent).toEqual({ service: 1, starts_at: '2026-12-02T14:00:00Z', resource: 3 });
  });

  test('leaves it to the business with anyone, and asks nothing where only one can do it', async () => {
    const { onBooked, requests } = show(json(booking({ status: 'pending_payment' }), 201), [MIA, NOAH]);
    await tap('Deep clean, £45.00');
    await tap('Anyone');
    await chooseTime(0);
    await tap('Book and pay');
    await waitFor(() => expect(onBooked).toHaveBeenCalled());
    expect(queries(requests).some(({ searchParams }) => searchParams.has('resource'))).toBe(false);
    const sent = await requests.find(({ method }) => method === 'POST')?.json();
    expect(sent).toEqual({ service: 1, starts_at: '2026-12-02T14:00:00Z' });
    cleanup();

    show(notFound, [MIA]);
    await tap('Deep clean, £45.00');
    await chooseTime(0);
    await button('Book and pay');
  });

  test('shows why a day has no free time, and the terms before anything is booked', async () => {
    const { requests } = show(notFound);
    await tap('Deep clean, £45.00');
    await says(/^Tuesday.*: closed$/);
    await chooseTime(0);
    await says(/^If you cancel until .* you get everything back; later, nothing\.$/);
    expect(requests.every(({ method }) => method === 'GET')).toBe(true);
  });

  test('says when somebody else was quicker', async () => {
    show(problem(409, 'slot_taken'));
    await tap('Deep clean, £45.00');
    await chooseTime(0);
    await tap('Book and pay');
    await says('Said no: slot_taken');
  });
});

describe('my bookings', () => {
  test('come page by page', async () => {
    const older = booking({ reference: 'BK-22222222', status: 'completed' });
    const pages = [
      json({ results: [booking()], next: 'https://x.example/api/v1/booking/?cursor=abc', previous: null }),
      json({ results: [older], next: null, previous: null }),
    ];
    const onOpen = vi.fn();
    const { api } = scripted({ 'GET /booking/': pages });
    phoneWith(api).screen(<BookingsScreen onBook={nothing} onOpen={onOpen} onAccount={nothing} />);
    await tap('Older bookings');
    await tap(/Completed$/);
    expect(onOpen).toHaveBeenCalledWith('BK-22222222');
    expect(screen.queryByText('Older bookings')).toBeNull();
  });

  test('may be none', async () => {
    const { api } = scripted({ 'GET /booking/': json({ results: [], next: null, previous: null }) });
    phoneWith(api).screen(<BookingsScreen onBook={nothing} onOpen={nothing} onAccount={nothing} />);
    await says('You have no bookings yet.');
  });
});

describe('the move screen', () => {
  const show = (routes: Parameters<typeof scripted>[0]) => {
    const server = scripted({ ...LIVE, [SLOTS]: json(free), ...routes });
    phoneWith(server.api).screen(<MoveScreen reference={REFERENCE} onBack={nothing} />);
    return server;
  };

  test('moves on the terms that it has shown, and once', async () => {
    const moved = json(booking({ starts_at: there.starts_at }));
    const { requests, asked } = show({ [`GET ${MOVE}`]: json(there), [`POST ${MOVE}`]: moved });
    await chooseTime(0);
    await says(/^If you cancel until .* you get everything back/);
    await tap('Move it');
    await says('Moved');
    expect(asked(`POST ${MOVE}`)).toBe(1);
    const sent = await requests.find(({ method }) => method === 'POST')?.json();
    expect(sent).toEqual({ starts_at: there.starts_at, expected_refundable_until: there.refundable_until });
  });

  test('shows the new terms when they have changed, and asks again', async () => {
    const later = { ...there, refundable_until: '2026-12-02T08:00:00Z' };
    const changed = problem(409, 'terms_changed', { quote: later });
    const { requests } = show({ [`GET ${MOVE}`]: json(there), [`POST ${MOVE}`]: [changed, json(booking())] });
    await chooseTime(0);
    await tap('Move it');
    await says('The terms have changed. Please look again.');
    await tap('Move it');
    await says('Moved');
    const posts = await Promise.all(requests.filter(({ method }) => method === 'POST').map((one) => one.json()));
    expect(posts.map((one) => one.expected_refundable_until)).toEqual([there.refundable_until, later.refundable_until]);
  });

  test('says why it can\'t be moved there, and offers nothing to confirm', async () => {
    show({ [`GET ${MOVE}`]: json({ ...there, movable: false, code: 'slot_taken' }) });
    await chooseTime(0);
    await says('This time was just taken.');
    expect(screen.queryByRole('button', { name: 'Move it' })).toBeNull();
  });
});

describe('the booking screen', () => {
  const show = (routes: Parameters<typeof scripted>[0]) =>
    phoneWith(scripted(routes).api).screen(
      <BookingScreen reference={REFERENCE} onPay={nothing} onCancel={nothing} onMove={nothing} onBack={nothing} />,
    );

  test('shows the refund in the server\'s words', async () => {
    const failed = { status: 'failed', message: 'Your bank returned the £45.00 to us. We will contact you.' };
    show({ ...LIVE, [BOOKING]: json(cancelled), [REFUND]: json({ ...refundStatus, ...failed }) });
    await says(failed.message);
    expect(screen.queryByRole('button', { name: 'Cancel this booking' })).toBeNull();
  });

  test('leads to the payment that is missing', async () => {
    show({ ...LIVE, [BOOKING]: json(booking({ status: 'pending_payment' })) });
    await button('Pay');
  });

  test('tells what went wrong', async () => {
    show({ [BOOKING]: notFound });
    await says('Said no: not_found');
  });
});

describe('the cancel screen', () => {
  const show = (routes: Parameters<typeof scripted>[0]) =>
    phoneWith(scripted({ ...LIVE, ...routes }).api).screen(<CancelScreen reference={REFERENCE} onBack={nothing} />);

  test('asks again when the refund has changed', async () => {
    const refund = { ...quote().refund, amount: 0, rule: 'too_late' as const, explanation: 'Nothing is given back.' };
    const changed = quote({ refund });
    show({ [QUOTE]: [json(quote()), json(changed)], [CANCEL]: problem(409, 'refund_changed', { quote: changed }) });
    await tap('Cancel and get £45.00 back');
    await says('Nothing was cancelled: what you get back has changed.');
    await says('Nothing is given back.');
    await button('Cancel without a refund');
  });

  test('says without network that it is not known, and does not let them ask twice', async () => {
    show({});
    await button('Cancel and get £45.00 back');
    onlineManager.setOnline(false);
    await tap('Cancel and get £45.00 back');
    await says('No answer from the server yet. We ask again until there is one.');
    expect((await button('Cancel and get £45.00 back')).getAttribute('aria-disabled')).toBe('true');
  });

  test('shows a refusal in the server\'s words', async () => {
    show({ [CANCEL]: problem(409, 'already_started') });
    await tap('Cancel and get £45.00 back');
    await says('Said no: already_started');
  });
});
