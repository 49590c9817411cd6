package io.quiver.flight.service;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A way to a port of this machine that can be cut: both sides see their connection reset. */
final class CutWire implements AutoCloseable {
    private final ServerSocket entry;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    CutWire(int target) throws IOException {
        this.entry = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.target = target;
        Thread.startVirtualThread(this::accept);
    }

    int port() {
        return entry.getLocalPort();
    }

    void cut() throws IOException {
        for (Socket socket : sockets) {
            if (!socket.isClosed()) {
                socket.setSoLinger(true, 0);
                socket.close();
            }
        }
        sockets.clear();
    }

    private void accept() {
        try {
            while (true) {
                Socket caller = entry.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(caller);
                sockets.add(server);
                Thread.startVirtualThread(() -> copy(caller, server));
                Thread.startVirtualThread(() -> copy(server, caller));
            }
        } catch (IOException closed) {
            // nobody comes any more
        }
    }

    private static void copy(Socket from, Socket to) {
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            in.transferTo(out);
        } catch (IOException cut) {
            // the other direction learns of it by its own socket
        }
    }

    @Override
    public void close() throws IOException {
        entry.close();
        cut();
    }
}
