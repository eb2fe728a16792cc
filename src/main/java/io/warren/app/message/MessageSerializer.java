package io.warren.app.message;

import akka.actor.ExtendedActorSystem;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorRefResolver;
import akka.actor.typed.javadsl.Adapter;
import akka.serialization.SerializerWithStringManifest;

/** {@link MessageCodec} as a serializer of Akka's, bound to the messages in {@code cluster.conf}. */
public final class MessageSerializer extends SerializerWithStringManifest {
    /** On the wire between nodes of different versions: never to be changed. */
    public static final int IDENTIFIER = 1702;

    private final MessageCodec codec;

    public MessageSerializer(ExtendedActorSystem system) {
        this.codec = new MessageCodec(MessageCodec.MESSAGES, new Resolved(system));
    }

    /** Asks Akka only when a message holds an actor: this is made before the actor system is complete. */
    private record Resolved(ExtendedActorSystem system) implements MessageValues.ActorNames {
        @Override
        public String of(ActorRef<?> actor) {
            return resolver().toSerializationFormat(actor);
        }

        @Override
        public ActorRef<?> actor(String name) {
            return resolver().resolveActorRef(name);
        }

        private ActorRefResolver resolver() {
            return ActorRefResolver.get(Adapter.toTyped(system));
        }
    }

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public String manifest(Object message) {
        return codec.manifest(message);
    }

    @Override
    public byte[] toBinary(Object message) {
        return codec.encode(message);
    }

    @Override
    public Object fromBinary(byte[] octets, String manifest) {
        return codec.decode(manifest, octets);
    }
}
