import type { BookingApi } from './api';
import { isPassing } from './errors';
import { pause } from './repeat';
import { byStatus, standingOf, type Standing } from './standing';
import { initialize, present, type SheetFunctions, type SheetOptions, type SheetOutcome } from './stripeSheet';
import type { Booking, PaymentSheet } from './types';

/**
 * loading → ready → presenting → confirming → paid | ready (cancelled or declined, pay again) | closed
 * loading → paid | closed | confirming (the app was closed half-way) | unavailable (retry)
 */
export type PaymentState =
  /** The server is asked where the payment stands. */
  | { status: 'loading' }
  /** The sheet may be opened; `outcome` says why it closed the last time without a payment. */
  | { status: 'ready'; sheet: PaymentSheet; outcome: SheetOutcome | null }
  | { status: 'presenting'; sheet: PaymentSheet }
  /** It may be paid: only the server knows, and is asked until it does. Not `reachable`: no answer yet. */
  | { status: 'confirming'; reachable: boolean }
  | { status: 'paid'; booking: Booking }
  /** Cancelled, or the time to pay ran out. Money that came too late goes back: see the refund status. */
  | { status: 'closed'; booking: Booking }
  /** The server can't be asked, or refuses the payment; `retry` asks again. */
  | { status: 'unavailable'; error: Error };

export interface FlowOptions {
  api: BookingApi;
  reference: string;
  stripe: SheetFunctions;
  sheetOptions: SheetOptions;
  onBooking: (booking: Booking) => void;
}

const SECOND = 1000;
const CONFIRM_PAUSES = [1, 2, 4, 8, 15, 30].map((seconds) => seconds * SECOND);
// A bank's late yes after the SDK said "Canceled" comes within this time or not at all.
const LATE_PAUSES = [2, 4, 8, 16, 30].map((seconds) => seconds * SECOND);

// Stripe's SDK has one sheet: whoever set it up last is paid by it.
let sheetBelongsTo: PaymentFlow | null = null;

/** The payment of one booking, outside React: it goes on when its screen is left, and is one for all screens. */
export class PaymentFlow {
  stripe: SheetFunctions;
  sheetOptions: SheetOptions;
  private state: PaymentState = { status: 'loading' };
  private outcome: SheetOutcome | null = null;
  private resolving = false;
  private readonly listeners = new Set<() => void>();

  constructor(private readonly options: FlowOptions) {
    this.stripe = options.stripe;
    this.sheetOptions = options.sheetOptions;
  }

  readonly getState = (): PaymentState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Ask the server where the payment stands, and get ready to pay if it can be paid. */
  readonly load = async (): Promise<void> => {
    if (this.resolving || this.state.status === 'presenting') return;
    if (this.outcome?.is !== 'completed') this.outcome = null;
    await this.resolve();
  };

  /** Show Stripe's sheet, then ask the server. Tapped twice it opens once. */
  readonly open = async (): Promise<void> => {
    if (this.state.status !== 'ready') return;
    const { sheet } = this.state;
    this.set({ status: 'presenting', sheet });
    this.outcome = await this.presented(sheet);
    await this.resolve();
  };

  private async presented(sheet: PaymentSheet): Promise<SheetOutcome> {
    try {
      if (sheetBelongsTo !== this) await this.initialize(sheet);
    } catch (error) {
      return { is: 'failed', message: (error as Error).message };
    }
    return present(this.stripe);
  }

  private async initialize(sheet: PaymentSheet): Promise<void> {
    sheetBelongsTo = this;
    await initialize(this.stripe, sheet, this.sheetOptions);
  }

  /** Ask until the server has decided, or nobody looks any more. */
  private async resolve(): Promise<void> {
    this.resolving = true;
    this.set(this.outcome ? { status: 'confirming', reachable: true } : { status: 'loading' });
    try {
      for (let round = 0; !(await this.isSettled()); round += 1) {
        await pause(CONFIRM_PAUSES[Math.min(round, CONFIRM_PAUSES.length - 1)] ?? SECOND);
        if (this.listeners.size === 0) return;
      }
    } finally {
      this.resolving = false;
    }
  }

  private async isSettled(): Promise<boolean> {
    try {
      return await this.take(await standingOf(this.options.api, this.options.reference));
    } catch (error) {
      // With no sheet shown there is nothing to wait for: tell it, and let them try again.
      if (!this.outcome || !isPassing(error)) return this.settle({ status: 'unavailable', error: error as Error });
      this.set({ status: 'confirming', reachable: false });
      return false;
    }
  }

  private async take(standing: Standing): Promise<boolean> {
    switch (standing.is) {
      case 'paid':
      case 'closed':
        this.options.onBooking(standing.booking);
        this.outcome = null;
        return this.settle({ status: standing.is, booking: standing.booking });
      case 'payable':
        // Stripe's sheet says it is done and the server doesn't know yet: that is not "unpaid".
        if (this.outcome?.is === 'completed') return this.keepAsking();
        return this.getReady(standing.sheet);
      case 'undecided':
        if (this.outcome || standing.error.code === 'hold_expired') return this.keepAsking();
        return this.settle({ status: 'unavailable', error: standing.error });
    }
  }

  private async getReady(sheet: PaymentSheet): Promise<boolean> {
    await this.initialize(sheet);
    const { outcome } = this;
    this.settle({ status: 'ready', sheet, outcome });
    if (outcome) void this.watchForLatePayment();
    return true;
  }

  /** Android's 3-D Secure may say "Canceled" a moment before the bank says yes. */
  private async watchForLatePayment(): Promise<void> {
    const shown = this.state;
    for (const ms of LATE_PAUSES) {
      await pause(ms);
      if (this.state !== shown || this.listeners.size === 0) return;
      const booking = await this.options.api.booking(this.options.reference).catch(() => null);
      const standing = booking && byStatus(booking);
      if (standing && this.state === shown) return void this.take(standing);
    }
  }

  private keepAsking(): boolean {
    this.set({ status: 'confirming', reachable: true });
    return false;
  }

  private settle(state: PaymentState): true {
    this.set(state);
    return true;
  }

  private set(state: PaymentState): void {
    this.state = state;
    this.listeners.forEach((listener) => listener());
  }
}
