import { repeat } from './repeat';
import { ServerClock } from './serverClock';
import { ask, connect, type ConnectionOptions, type Http, type Send } from './transport';
import type { Account, AccountChanges, Booking, Cancelled, FreeTimes, Leaving, MoveQuote, Page, PaymentSheet, Quote, RefundStatus, Service, Token } from './types';

export interface ListOptions {
  cursor?: string;
  limit?: number;
}

export interface BookingListOptions extends ListOptions {
  /** Those that have not begun, or those that have; all where it is left out. */
  when?: 'upcoming' | 'past';
}

export interface SlotOptions {
  /** First day, such as 2026-12-01, of the business's zone; today where it is left out. */
  from?: string;
  /** 1 to 31, 7 where it is left out. */
  days?: number;
  /** Only with this one. */
  resource?: number;
}

export interface Target {
  startsAt: string;
  resource?: number | undefined;
}

export interface MoveOptions extends Target {
  /** When free cancellation would end, as the customer was shown. Another time moves nothing. */
  expectedRefundableUntil: string;
}

export interface CancelOptions {
  /** What the customer was shown that they get back, in minor units. Another amount cancels nothing. */
  expectedRefund: number;
  reason?: string | undefined;
}

/**
 * The booking API. Every call gives data or throws ApiError (the server said no) or Unreachable (no answer).
 *
 * All but signing in and out are safe to repeat, and are repeated a few times when the error may pass.
 */
export class BookingApi {
  readonly clock = new ServerClock();
  private readonly http: Http;
  private readonly timeoutMs: number;
  private readonly installId: string | undefined;

  constructor(options: ConnectionOptions) {
    this.installId = options.installId;
    this.http = connect(options, this.clock);
    this.timeoutMs = options.timeoutMs ?? 20_000;
  }

  async signIn(username: string, password: string): Promise<Token> {
    const body = { username, password };
    return this.once((signal) => this.http.POST('/api/v1/auth/token/', { body, signal }));
  }

  async signOut(): Promise<void> {
    await this.once((signal) => this.http.POST('/api/v1/auth/logout/', { signal }));
  }

  async account(): Promise<Account> {
    return this.safely((signal) => this.http.GET('/api/v1/account/', { signal }));
  }

  async changeAccount(body: AccountChanges): Promise<Account> {
    return this.safely((signal) => this.http.PATCH('/api/v1/account/', { body, signal }));
  }

  /** Delete the customer's account; the token is worth nothing afterwards. Not repeated: it counts as a guess. */
  async deleteAccount(password: string): Promise<Leaving> {
    const body = { password };
    return this.once((signal) => this.http.DELETE('/api/v1/account/', { body, signal }));
  }

  async services(query: ListOptions = {}): Promise<Page<Service>> {
    const params = { query };
    return page(await this.safely((signal) => this.http.GET('/api/v1/service/', { params, signal })));
  }

  /** The free times of a service, day by day of the business's zone. */
  async slots(service: number, query: SlotOptions = {}): Promise<FreeTimes> {
    const params = { path: { service }, query };
    return this.safely((signal) => this.http.GET('/api/v1/service/{service}/slots/', { params, signal }));
  }

  /** Hold a slot (`startsAt` with its offset) until it is paid; asked again it is the same booking. */
  async createBooking(service: number, startsAt: string, resource?: number): Promise<Booking> {
    const body = { service, starts_at: startsAt, ...(resource === undefined ? {} : { resource }) };
    return this.safely((signal) => this.http.POST('/api/v1/booking/', { body, signal }));
  }

  async bookings(query: BookingListOptions = {}): Promise<Page<Booking>> {
    const params = { query };
    return page(await this.safely((signal) => this.http.GET('/api/v1/booking/', { params, signal })));
  }

  async booking(reference: string): Promise<Booking> {
    const params = { path: { reference } };
    return this.safely((signal) => this.http.GET('/api/v1/booking/{reference}/', { params, signal }));
  }

  /** What cancelling now would give back. Also tells the server's time. */
  async quote(reference: string): Promise<Quote> {
    return repeat(async () => {
      const sent = Date.now();
      const params = { path: { reference } };
      const quote = await this.once((signal) =>
        this.http.GET('/api/v1/booking/{reference}/cancel/', { params, signal }),
      );
      this.clock.learn(Date.parse(quote.server_time), { sent, received: Date.now() });
      return quote;
    });
  }

  /** Cancel for the refund that the customer was shown; RefundChanged if it is another by now. */
  async cancel(reference: string, { expectedRefund, reason }: CancelOptions): Promise<Cancelled> {
    const params = { path: { reference } };
    const body = { expected_refund: expectedRefund, ...(reason ? { reason } : {}) };
    return this.safely((signal) =>
      this.http.POST('/api/v1/booking/{reference}/cancel/', { params, body, signal }),
    );
  }

  /** What moving there would mean; changes nothing. */
  async moveQuote(reference: string, { startsAt, resource }: Target): Promise<MoveQuote> {
    const query = { starts_at: startsAt, ...(resource === undefined ? {} : { resource }) };
    const params = { path: { reference }, query };
    return this.safely((signal) => this.http.GET('/api/v1/booking/{reference}/move/', { params, signal }));
  }

  /** Move a booking on the terms that the customer was shown; TermsChanged if they are others by now. */
  async move(reference: string, { startsAt, resource, expectedRefundableUntil }: MoveOptions): Promise<Booking> {
    const params = { path: { reference } };
    const body = {
      starts_at: startsAt,
      expected_refundable_until: expectedRefundableUntil,
      ...(resource === undefined ? {} : { resource }),
    };
    return this.safely((signal) =>
      this.http.POST('/api/v1/booking/{reference}/move/', { params, body, signal }),
    );
  }

  /** What initPaymentSheet needs. However often it is asked, a booking has one PaymentIntent. */
  async paymentSheet(reference: string): Promise<PaymentSheet> {
    const device = this.installId ? { install_id: this.installId } : {};
    const body = { booking_reference: reference, ...device };
    return this.safely((signal) => this.http.POST('/api/v1/payment/', { body, signal }));
  }

  async refundStatus(reference: string): Promise<RefundStatus> {
    const params = { query: { booking_reference: reference } };
    return this.safely((signal) => this.http.GET('/api/v1/payment/refund-status/', { params, signal }));
  }

  private once<T>(send: Send<T>): Promise<T> {
    return ask(send, this.timeoutMs);
  }

  private safely<T>(send: Send<T>): Promise<T> {
    return repeat(() => this.once(send));
  }
}

function page<Item>(answer: { results: Item[]; next?: string | null }): Page<Item> {
  // React Native's URL has no searchParams.
  const cursor = /[?&]cursor=([^&]+)/.exec(answer.next ?? '')?.[1];
  return { items: answer.results, next: cursor ? decodeURIComponent(cursor) : null };
}
