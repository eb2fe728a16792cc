package io.warren.ppp;

import io.warren.ppp.IpcpNegotiation.Peer;
import io.warren.ppp.IpcpNegotiation.Wish;
import io.warren.ppp.Negotiation.Verdict;
import io.warren.wire.ppp.ConfigurationOption;
import io.warren.wire.ppp.IpcpOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One Configure-Request of IPCP, being judged. Lives for that request only. */
final class IpcpVerdict {
    private final IpcpNegotiation negotiation;
    private final List<ConfigurationOption> rejects = new ArrayList<>();
    private final List<ConfigurationOption> naks = new ArrayList<>();
    private final Map<Integer, Integer> dnsNaked;
    private final Map<Integer, Integer> dnsTaken = new HashMap<>();
    private boolean addressSeen;
    private boolean missingNaked;
    private int address;
    private int wished;

    IpcpVerdict(IpcpNegotiation negotiation) {
        this.negotiation = negotiation;
        dnsNaked = new HashMap<>(negotiation.peer().dnsNaked());
        missingNaked = negotiation.peer().missingNaked();
    }

    Verdict<IpcpNegotiation> judge(List<ConfigurationOption> options) {
        for (ConfigurationOption option : options) {
            switch (IpcpOption.of(option)) {
                case IpcpOption.IpAddress(int asked) -> address(option, asked);
                case IpcpOption.PrimaryDns(int asked) -> dns(option, asked);
                case IpcpOption.SecondaryDns(int asked) -> dns(option, asked);
                case IpcpOption.Other _ -> other(option);
            }
        }
        if (!rejects.isEmpty()) {
            return new Verdict.Reject<>(negotiation, rejects);
        }
        if (wished != 0) {
            return new Verdict.Hold<>(
                    negotiation.with(new Wish(wished, negotiation.wish().refused())));
        }
        if (!addressSeen && negotiation.server()) {
            missing();
        }
        IpcpNegotiation next = negotiation
                .with(new Wish(0, negotiation.wish().refused()))
                .with(new Peer(address, Map.copyOf(dnsNaked), Map.copyOf(dnsTaken), missingNaked));
        return naks.isEmpty() ? new Verdict.Ack<>(next) : new Verdict.Nak<>(next, List.copyOf(naks));
    }

    private void address(ConfigurationOption option, int asked) {
        addressSeen = true;
        address = asked;
        if (!negotiation.server()) {
            if (asked == 0) {
                rejects.add(option); // We have no address to give.
            }
        } else if (negotiation.assigned() == 0) {
            rejects.add(option);
        } else if (asked != negotiation.assigned()) {
            if (negotiation.mayWish(asked)) {
                // One at a time: while a decision is awaited, another wish waits with it.
                int pending = negotiation.wish().pending();
                wished = pending != 0 ? pending : asked;
            } else {
                naks.add(new IpcpOption.IpAddress(negotiation.assigned()).encode());
            }
        }
    }

    private void dns(ConfigurationOption option, int asked) {
        int type = option.type();
        int ours = negotiation.offeredDns(type);
        if (ours == 0) {
            rejects.add(option);
        } else if (asked == ours || (asked != 0 && Integer.valueOf(asked).equals(dnsNaked.get(type)))) {
            // Windows with a name server set by hand asks for it again and again: it may have it.
            dnsTaken.put(type, asked);
        } else {
            dnsNaked.put(type, asked);
            naks.add(IpcpNegotiation.dnsOption(type, ours));
        }
    }

    /** IP-Addresses, header compression, NBNS and whatever else; a known option of a wrong length is corrected. */
    private void other(ConfigurationOption option) {
        if (option.type() == IpcpOption.IP_ADDRESS && negotiation.assigned() != 0) {
            addressSeen = true;
            naks.add(new IpcpOption.IpAddress(negotiation.assigned()).encode());
        } else {
            rejects.add(option);
        }
    }

    /** A peer that leaves its address out is told once; then it has the assigned one without saying so. */
    private void missing() {
        if (missingNaked || negotiation.assigned() == 0) {
            address = negotiation.assigned();
        } else {
            missingNaked = true;
            naks.add(new IpcpOption.IpAddress(negotiation.assigned()).encode());
        }
    }
}
