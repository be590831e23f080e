// As Stripe counts, which is not always as ISO 4217 does: ISK and UGX have two places there.
const NO_PLACES = 'bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' ');
const THREE_PLACES = 'bhd jod kwd omr tnd'.split(' ');

/** An amount in minor units, for people: 4500 and "gbp" are "£45.00". */
export function formatMoney(amount: number, currency: string, locale?: string): string {
  const places = NO_PLACES.includes(currency) ? 0 : THREE_PLACES.includes(currency) ? 3 : 2;
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency });
  return format.format(amount / 10 ** places);
}
