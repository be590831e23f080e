import type { components } from './schema';

type Schemas = components['schemas'];

export type Booking = Schemas['BookingAnswer'];
export type Service = Schemas['ServiceAnswer'];
export type Business = Schemas['BusinessAnswer'];
export type FreeTimes = Schemas['SlotsAnswer'];
export type FreeDay = Schemas['DayAnswer'];
export type Slot = Schemas['SlotAnswer'];
export type MoveQuote = Schemas['MoveAnswer'];
export type Quote = Schemas['QuoteAnswer'];
export type Cancelled = Schemas['CancelAnswer'];
export type PaymentSheet = Schemas['SheetAnswer'];
export type RefundStatus = Schemas['RefundStatusAnswer'];
export type Token = Schemas['Token'];
export type Account = Schemas['Account'];
export type AccountChanges = Partial<Pick<Account, 'name' | 'phone' | 'language'>>;
export type Leaving = Schemas['Leaving'];
export type Problem = Schemas['Problem'];

/** Newest first; hand `next` back as `cursor` for the page after this one. */
export interface Page<Item> {
  items: Item[];
  next: string | null;
}
