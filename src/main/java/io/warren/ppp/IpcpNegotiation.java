package io.warren.ppp;

import io.warren.wire.ppp.ConfigurationOption;
import io.warren.wire.ppp.IpcpOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The options of IPCP (RFC 1332 §3, RFC 1877 §1): addresses and name servers. Addresses are big-endian ints, 0 for none.
 *
 * @param server whether we give the addresses, or ask for them
 * @param assigned the peer's address as we offer it; 0 at the client end
 * @param permitted CIDR ranges from which the peer may choose otherwise
 * @param dns name servers that we offer, up to two
 * @param local what we ask for
 * @param peer what the peer asked for in the request that we judged last
 * @param wish an address that somebody else decides about
 */
record IpcpNegotiation(
        boolean server,
        int assigned,
        List<String> permitted,
        List<Integer> dns,
        Local local,
        Peer peer,
        Wish wish,
        @Nullable Ending failure)
        implements Negotiation<IpcpNegotiation> {
    private static final List<Integer> DNS_TYPES = List.of(IpcpOption.PRIMARY_DNS, IpcpOption.SECONDARY_DNS);

    /** How many addresses a peer may wish in one negotiation. */
    private static final int WISH_LIMIT = 4;

    /**
     * @param dns as far as the peer told us, by option type
     * @param dnsTypes options that we ask for
     */
    record Local(int address, Map<Integer, Integer> dns, Set<Integer> dnsTypes) {}

    /**
     * @param dnsNaked the value that we refused last, by option type
     * @param dnsTaken the name server that it uses, by option type
     * @param missingNaked whether we have suggested the address option to a peer that left it out
     */
    record Peer(int address, Map<Integer, Integer> dnsNaked, Map<Integer, Integer> dnsTaken, boolean missingNaked) {
        static final Peer NONE = new Peer(0, Map.of(), Map.of(), false);
    }

    /**
     * @param pending the address that waits for its decision, 0 for none
     * @param refused addresses that the peer may not have
     */
    record Wish(int pending, Set<Integer> refused) {
        static final Wish NONE = new Wish(0, Set.of());
    }

    static IpcpNegotiation server(int address, int assigned, List<String> permitted, List<Integer> dns) {
        return new IpcpNegotiation(
                true,
                assigned,
                List.copyOf(permitted),
                List.copyOf(dns),
                new Local(address, Map.of(), Set.of()),
                Peer.NONE,
                Wish.NONE,
                null);
    }

    static IpcpNegotiation client(int address) {
        Local ask = new Local(address, Map.of(), Set.copyOf(DNS_TYPES));
        return new IpcpNegotiation(false, 0, List.of(), List.of(), ask, Peer.NONE, Wish.NONE, null);
    }

    /** As it was agreed before a restart. */
    IpcpNegotiation resumed(int peerAddress) {
        return with(new Peer(peerAddress, Map.of(), Map.of(), false));
    }

    @Override
    public IpcpNegotiation restarted(RandomGenerator random) {
        Local ask = server ? local : new Local(local.address, Map.of(), Set.copyOf(DNS_TYPES));
        return new IpcpNegotiation(server, assigned, permitted, dns, ask, Peer.NONE, Wish.NONE, failure);
    }

    @Override
    public List<ConfigurationOption> request() {
        List<ConfigurationOption> options = new ArrayList<>();
        options.add(new IpcpOption.IpAddress(local.address).encode());
        for (int type : DNS_TYPES) {
            if (local.dnsTypes.contains(type)) {
                options.add(dnsOption(type, local.dns.getOrDefault(type, 0)));
            }
        }
        return options;
    }

    @Override
    public Verdict<IpcpNegotiation> judge(List<ConfigurationOption> options, RandomGenerator random) {
        return new IpcpVerdict(this).judge(options);
    }

    /** The answer to {@link Wish}; nothing changes when it is not the address that waits. */
    IpcpNegotiation decided(int address, boolean granted) {
        if (wish.pending != address || address == 0) {
            return this;
        }
        Set<Integer> refused = new HashSet<>(wish.refused);
        if (!granted) {
            refused.add(address);
        }
        return new IpcpNegotiation(
                server,
                granted ? address : assigned,
                granted ? List.of() : permitted,
                dns,
                local,
                peer,
                new Wish(0, Set.copyOf(refused)),
                failure);
    }

    @Override
    public IpcpNegotiation naked(List<ConfigurationOption> options, RandomGenerator random) {
        if (server) {
            return this;
        }
        int address = local.address;
        Map<Integer, Integer> learned = new HashMap<>(local.dns);
        for (ConfigurationOption option : options) {
            switch (IpcpOption.of(option)) {
                case IpcpOption.IpAddress(int offered) -> address = offered != 0 ? offered : address;
                case IpcpOption.PrimaryDns(int offered) -> learned.put(IpcpOption.PRIMARY_DNS, offered);
                case IpcpOption.SecondaryDns(int offered) -> learned.put(IpcpOption.SECONDARY_DNS, offered);
                case IpcpOption.Other _ -> {}
            }
        }
        return with(new Local(address, Map.copyOf(learned), local.dnsTypes));
    }

    @Override
    public IpcpNegotiation rejected(List<ConfigurationOption> options) {
        Set<Integer> types = new HashSet<>(local.dnsTypes);
        Ending ending = failure;
        for (ConfigurationOption option : options) {
            types.remove(option.type());
            if (option.type() == IpcpOption.IP_ADDRESS) {
                ending = new Ending(LinkEnd.NEGOTIATION_FAILED, "peer rejects the IP-Address option");
            }
        }
        Local ask = new Local(local.address, local.dns, Set.copyOf(types));
        return new IpcpNegotiation(server, assigned, permitted, dns, ask, peer, wish, ending);
    }

    /** Name servers in use after the negotiation: the peer's at the server end, ours at the client end. */
    List<Integer> agreedDns() {
        Map<Integer, Integer> taken = server ? peer.dnsTaken : local.dns;
        return DNS_TYPES.stream()
                .map(type -> taken.getOrDefault(type, 0))
                .filter(address -> address != 0)
                .toList();
    }

    /** The name server that we offer in an option of this type; 0 for none. */
    int offeredDns(int type) {
        int index = DNS_TYPES.indexOf(type);
        return index < dns.size() ? dns.get(index) : 0;
    }

    boolean mayWish(int address) {
        return address != 0
                && address != local.address
                && !wish.refused.contains(address)
                && wish.refused.size() < WISH_LIMIT
                && permitted.stream().anyMatch(range -> Cidr.contains(range, address));
    }

    IpcpNegotiation with(Peer other) {
        return new IpcpNegotiation(server, assigned, permitted, dns, local, other, wish, failure);
    }

    IpcpNegotiation with(Wish other) {
        return new IpcpNegotiation(server, assigned, permitted, dns, local, peer, other, failure);
    }

    private IpcpNegotiation with(Local other) {
        return new IpcpNegotiation(server, assigned, permitted, dns, other, peer, wish, failure);
    }

    static ConfigurationOption dnsOption(int type, int address) {
        IpcpOption option = type == IpcpOption.PRIMARY_DNS
                ? new IpcpOption.PrimaryDns(address)
                : new IpcpOption.SecondaryDns(address);
        return option.encode();
    }
}
