import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;
import javax.crypto.spec.IvParameterSpec;

/** Reads lines "derive|encrypt|decrypt bits accessKey iv data" (all but the first two base64) and prints base64 per line. */
class Aes {
  public static void main(String[] args) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
    for (String line; (line = in.readLine()) != null; ) {
      String[] job = line.split(" ", -1);
      SecureRandom random = SecureRandom.getInstance("SHA1PRNG", "SUN");
      random.setSeed(decode(job[2]));
      KeyGenerator generator = KeyGenerator.getInstance("AES");
      generator.init(Integer.parseInt(job[1]), random);
      SecretKey key = generator.generateKey();
      System.out.println(Base64.getEncoder().encodeToString(run(job, key)));
    }
  }

  private static byte[] run(String[] job, SecretKey key) throws Exception {
    if (job[0].equals("derive")) return key.getEncoded();
    Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
    int mode = job[0].equals("encrypt") ? Cipher.ENCRYPT_MODE : Cipher.DECRYPT_MODE;
    cipher.init(mode, key, new IvParameterSpec(new String(decode(job[3]), StandardCharsets.US_ASCII).getBytes("UTF-8")));
    return cipher.doFinal(decode(job[4]));
  }

  private static byte[] decode(String base64) {
    return Base64.getDecoder().decode(base64);
  }
}
