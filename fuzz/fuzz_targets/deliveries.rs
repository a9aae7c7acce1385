#![no_main]

meetvo_fuzz::fuzz_program!(meetvo_fuzz::targets::deliveries::check);
