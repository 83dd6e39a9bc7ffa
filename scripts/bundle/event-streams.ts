/**
 * Stands in for `@smithy/core/event-streams` in the bundles: no operation of DynamoDB sends or takes an event stream,
 * so the SDK never gets here.
 */
export class EventStreamSerde {
  constructor() {
    throw new Error('Event streams are left out of the bundle; see scripts/bundle/event-streams.ts.');
  }
}

export const eventStreamSerdeProvider = () => new EventStreamSerde();
