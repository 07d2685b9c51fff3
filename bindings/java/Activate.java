import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.nio.file.Files;
import java.nio.file.Path;

/** Activates a product from Java, by JNA: java -cp jna.jar:. Activate PROFILE OPTIONS PRODUCT-KEY */
public final class Activate {
    interface Keystead extends Library {
        int keystead_open(String profile, String options, PointerByReference client, PointerByReference out);
        int keystead_activate(Pointer client, String key, String name, PointerByReference out);
        int keystead_status(Pointer client, PointerByReference out);
        /** C's bool is one byte; the others are not defined. */
        byte keystead_has_feature(Pointer client, String feature);
        void keystead_close(Pointer client);
        void keystead_string_free(Pointer text);
    }

    private static final Keystead LIBRARY = Native.load("keystead_c", Keystead.class);

    interface Call {
        int into(PointerByReference out);
    }

    /** The answer's JSON; a problem is an exception with its JSON. */
    static String answer(Call call) {
        PointerByReference out = new PointerByReference();
        int number = call.into(out);
        String text = out.getValue().getString(0, "UTF-8");
        LIBRARY.keystead_string_free(out.getValue());
        if (number != 0) {
            throw new IllegalStateException(text);
        }
        return text;
    }

    public static void main(String[] arguments) throws Exception {
        String profile = Files.readString(Path.of(arguments[0]));
        PointerByReference opened = new PointerByReference();
        answer(out -> LIBRARY.keystead_open(profile, arguments[1], opened, out));
        Pointer client = opened.getValue();
        try {
            answer(out -> LIBRARY.keystead_activate(client, arguments[2], "Java example", out));
            System.out.println(answer(out -> LIBRARY.keystead_status(client, out)));
            System.out.println("batch: " + (LIBRARY.keystead_has_feature(client, "batch") != 0));
            System.out.println("nobody: " + (LIBRARY.keystead_has_feature(null, "batch") != 0));
        } finally {
            LIBRARY.keystead_close(client);
        }
    }
}
