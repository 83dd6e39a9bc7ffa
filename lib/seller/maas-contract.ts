/** A customer wants to use the seller's models. */
export interface ApikeyApplication {
  readonly product: string;
  /** The customer's account with the marketplace; one key is given out for each. */
  readonly customerId: string;
  /** Personal data, and may change. */
  readonly customerName?: string;
}

/** The key with which the customer calls the models; at most 1024 printable ASCII characters, without blanks. */
export interface AppliedApikey {
  readonly apikey: string;
}
