package io.warren.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code radius} of the configuration. Without servers there is no RADIUS.
 *
 * @param servers in the order of their names
 * @param localUsers what the users file is for
 * @param nasIdentifier NAS-Identifier; the node's host name unless said
 * @param nasAddress NAS-IP-Address; null for none
 * @param sourceAddress where requests leave from; empty: as the routes have it
 */
public record RadiusSettings(
        List<Server> servers,
        LocalUsers localUsers,
        String nasIdentifier,
        @Nullable Ipv4 nasAddress,
        String sourceAddress,
        Retransmission retransmission,
        Accounting accounting,
        DynamicAuthorization dynamicAuthorization) {

    /** Whether there is a server to ask who may call. */
    public boolean authenticates() {
        return servers.stream().anyMatch(server -> server.authenticationPort() != 0);
    }

    /** Whether there is a server to tell what was used. */
    public boolean accounts() {
        return servers.stream().anyMatch(server -> server.accountingPort() != 0);
    }

    /**
     * One server.
     *
     * @param name for logs and figures
     * @param address an IP address
     * @param authenticationPort, accountingPort 0: not asked for that; else, over TLS, its one port counts
     * @param priority the lowest that lives is asked
     * @param weight its share among those of one priority
     * @param limit requests that may wait for its answer at a time, of each kind
     * @param messageAuthenticator whether answers to an Access-Request must have one
     * @param tls null: over UDP
     */
    public record Server(
            String name,
            String address,
            Secret secret,
            int authenticationPort,
            int accountingPort,
            int priority,
            int weight,
            int limit,
            MessageAuthenticator messageAuthenticator,
            @Nullable TlsSettings tls) {

        /** Over UDP. */
        public Server(
                String name,
                String address,
                Secret secret,
                int authenticationPort,
                int accountingPort,
                int priority,
                int weight,
                int limit,
                MessageAuthenticator messageAuthenticator) {
            this(
                    name,
                    address,
                    secret,
                    authenticationPort,
                    accountingPort,
                    priority,
                    weight,
                    limit,
                    messageAuthenticator,
                    null);
        }
    }

    /** What is thought of an answer to an Access-Request without Message-Authenticator. */
    public enum MessageAuthenticator {
        /** Anybody between us and the server may have forged it (CVE-2024-3596): dropped. */
        REQUIRE,
        /** Taken, from servers that know no better. */
        ACCEPT
    }

    /** What becomes of the users file when there is RADIUS. */
    public enum LocalUsers {
        /** Asked first; RADIUS is asked for users that it does not name. */
        BEFORE,
        /** Asked when no server answers. */
        BEHIND,
        /** Not asked. */
        OFF
    }

    /**
     * When a request is repeated and a server given up.
     *
     * @param timeout until the first repetition; then twice that, and so on
     * @param attempts to one server, the first included
     * @param deadTime for which a server that was silent is left alone
     */
    public record Retransmission(Duration timeout, int attempts, Duration deadTime) {}

    /**
     * What is told of calls.
     *
     * @param interim between updates; zero: none
     */
    public record Accounting(Duration interim) {}

    /**
     * Where others may change or end calls (RFC 5176).
     *
     * @param listen nothing: nowhere
     * @param clients who may, beside the servers
     */
    public record DynamicAuthorization(List<HostPort> listen, List<Client> clients) {}

    /** One that may change or end calls. */
    public record Client(String name, String address, Secret secret) {}
}
