import { constant, type GrafastSubscriber, get, listen, SafeError, type Step } from 'postgraphile/grafast'
import { extendSchema, gql } from 'postgraphile/utils'
import { z } from 'zod'
import type { ChangeFeed, FollowOptions, LiveChange } from '../change-feed.ts'

const words = z.array(z.string()).nullish()

const argumentsSchema = z.object({
  since: z.union([z.string(), z.number(), z.bigint()]).nullish(),
  city: words,
  inseeCode: words,
  propertyType: words,
  kind: words,
  source: words,
})

/** What the arguments of the subscription ask for. */
function readArguments(given: unknown): FollowOptions {
  const { since, city, inseeCode, propertyType, kind, source } = argumentsSchema.parse(given)
  const filter: FollowOptions['filter'] = {}
  for (const [key, value] of Object.entries({
    city,
    insee_code: inseeCode,
    property_type: propertyType,
    kind,
    source,
  })) {
    if (value != null) filter[key] = value
  }
  return { since: since == null ? null : String(since), filter }
}

const field = (name: keyof LiveChange) => ($change: Step) => get($change as Step<LiveChange>, name)

/**
 * Adds the subscription `liveChanges`: the changes of live homes after a position, those to come included, in the order of
 * their commits. Followers that come back with the position of the last change they dealt with miss none.
 */
export function changeSubscriptionPlugin(feed: ChangeFeed | undefined): GraphileConfig.Plugin {
  // What is subscribed to is no topic but the arguments themselves.
  const subscriber: GrafastSubscriber<Record<string, LiveChange>> = {
    subscribe(given) {
      if (feed === undefined) throw new SafeError('this server gives no subscriptions', { code: 'PC422' })
      return feed.follow(readArguments(given))
    },
  }
  return extendSchema({
    typeDefs: gql`
      """A change of a live home, with its place among all changes."""
      type LiveChange {
        """Place among all changes, in the order of their commits: ask with it as \`since\` to go on."""
        position: BigInt!
        """What happened to the home."""
        kind: PropertyChangeKind!
        """The home; its row may be gone since."""
        propertyId: BigInt!
        """Code of the source that reports it."""
        source: String!
        """Its commune, after the change."""
        inseeCode: String
        """Its type, after the change."""
        propertyType: PropertyType!
        """The column that changed; null where a home came to be or went."""
        fieldName: String
        """What the field said before; of personal values only a keyed digest."""
        oldValue: JSON
        """What it says since."""
        newValue: JSON
        """Size of the step, as in \`PropertyChange\`."""
        magnitude: Float
        """How likely it is that this really happened, 0 to 1; null for an edit by hand."""
        confidence: Float
        """When."""
        changedAt: Datetime!
        """The session that made it; null for an edit by hand."""
        sessionId: UUID
        """Who made it."""
        changedBy: String!
      }

      extend type Subscription {
        """
        The changes of live homes after a position, in the order of their commits, and then each one as it is committed.

        None is skipped: whoever stores the position of the last change together with what he made of it, and comes back
        with it as \`since\`, sees each one once. Without \`since\` it begins now.
        """
        liveChanges(
          """Begin after this position; 0 for all there ever were."""
          since: BigInt
          """Only in these cities, by name or INSEE code."""
          city: [String!]
          """Only in these communes, by INSEE code; a city includes its arrondissements."""
          inseeCode: [String!]
          """Only homes of these types."""
          propertyType: [PropertyType!]
          """Only changes of these kinds."""
          kind: [PropertyChangeKind!]
          """Only of these sources, by code."""
          source: [String!]
        ): LiveChange
      }
    `,
    objects: {
      Subscription: {
        plans: {
          liveChanges: {
            subscribePlan: (_$root, fieldArgs) =>
              listen(constant(subscriber, false), fieldArgs.getRaw() as unknown as Step<string>),
            plan: ($change) => $change,
          },
        },
      },
      LiveChange: {
        plans: {
          position: field('position'),
          kind: field('kind'),
          propertyId: field('property_id'),
          inseeCode: field('insee_code'),
          propertyType: field('property_type'),
          fieldName: field('field_name'),
          oldValue: field('old_value'),
          newValue: field('new_value'),
          changedAt: field('changed_at'),
          sessionId: field('session_id'),
          changedBy: field('changed_by'),
        },
      },
    },
  })
}
