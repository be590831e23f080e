import { BookingApi, type Booking, type Problem, type Quote } from '../../src';

type Answer = () => Response | Promise<Response>;

/**
 * A server that answers by script, for what the real one can't be made to do on cue: each path its answers in
 * order, the last one for ever.
 */
export function scripted(routes: Record<string, Answer | Answer[]>) {
  const requests: Request[] = [];
  const asked = (call: string) => requests.filter((request) => callOf(request) === call).length;
  const api = new BookingApi({
    baseUrl: 'https://bookings.example.com/',
    token: () => 'secret',
    installId: 'install-of-the-tests',
    fetch: async (request) => {
      const answers = [routes[callOf(request)] ?? notFound].flat();
      const answer = answers[Math.min(asked(callOf(request)), answers.length - 1)] ?? notFound;
      requests.push(request);
      return answer();
    },
  });
  return { api, requests, asked };
}

function callOf(request: Request): string {
  return `${request.method} ${new URL(request.url).pathname.replace('/api/v1', '')}`;
}

export function json(body: object, status = 200, headers: Record<string, string> = {}): Answer {
  return () => new Response(JSON.stringify(body), { status, headers });
}

export function problem(status: number, code: string, more: object = {}, headers: Record<string, string> = {}) {
  const body: Problem = { type: 'about:blank', title: 'No', status, code, detail: `Said no: ${code}` };
  return json({ ...body, ...more }, status, { 'Content-Type': 'application/problem+json', ...headers });
}

export const notFound = problem(404, 'not_found');

export const cutOff: Answer = () => Promise.reject(new TypeError('Network request failed'));

export function booking(more: Partial<Booking> = {}): Booking {
  return {
    reference: 'BK-7Q2M9XKT',
    status: 'confirmed',
    service: { id: 1, name: 'Deep clean', duration_minutes: 90 },
    starts_at: '2026-12-01T14:00:00Z',
    ends_at: '2026-12-01T15:30:00Z',
    amount: 4500,
    currency: 'gbp',
    hold_expires_at: null,
    created_at: '2026-11-23T08:00:00Z',
    cancelled_at: null,
    refundable_until: '2026-12-01T02:00:00Z',
    resource: null,
    time_zone: 'Europe/London',
    ...more,
  };
}

export function quote(more: Partial<Quote> = {}): Quote {
  const explanation = 'You are cancelling 26 hours before your appointment.';
  return {
    booking_reference: 'BK-7Q2M9XKT',
    cancellable: true,
    refund: { amount: 4500, currency: 'gbp', rule: 'in_time', explanation },
    refundable_until: '2026-12-01T02:00:00Z',
    server_time: '2026-11-30T12:00:00Z',
    ...more,
  };
}

export const sheet = {
  paymentIntent: 'pi_1_secret_2',
  customer: 'cus_1',
  publishableKey: 'pk_test_1',
  customerSessionClientSecret: 'cuss_1',
  booking_reference: 'BK-7Q2M9XKT',
  amount: 4500,
  currency: 'gbp',
};

export const refundStatus = {
  booking_reference: 'BK-7Q2M9XKT',
  booking_status: 'confirmed',
  currency: 'gbp',
  paid: 4500,
  refunded: 0,
  in_progress: 0,
  status: 'none',
  message: 'No refund was asked for.',
  refunds: [],
  dispute: null,
};
