import { inject } from 'vitest';

import { BookingApi, type Booking } from '../../../src';
import { CUSTOMERS, PASSWORD } from './house';

const HOUR = 3_600_000;

/** A signed-in customer's API at the real server. */
export async function signedIn(baseUrl = inject('house').serverUrl): Promise<BookingApi> {
  let token: string | null = null;
  const api = new BookingApi({ baseUrl, token: () => token });
  token = (await api.signIn(CUSTOMERS[0], PASSWORD)).token;
  return api;
}

/** A new booking that waits for its payment. Each at a time of its own, for the same slot is the same booking. */
export async function held(api: BookingApi, inMs = 48 * HOUR + Math.random() * HOUR): Promise<Booking> {
  const [service] = (await api.services()).items;
  if (!service) throw new Error('There is no service to book.');
  return api.createBooking(service.id, new Date(Date.now() + inMs).toISOString());
}
